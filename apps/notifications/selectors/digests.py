"""What waits for a digest, and whether what was held back is still true."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.engines.digesting import Item
from apps.notifications.engines.standing import Standing, moot_reason
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Digest, Notification
from apps.notifications.selectors.subjects import judged
from apps.notifications.types import MootReason
from apps.rules import selectors as rules

# What a digest reads of the rows; encrypted columns cost time for each of them.
_ROW_FIELDS = (
    *("business_id", "user_id", "title", "body", "category", "priority", "due_at", "created_at"),
    *("moot_reason", "awaits_channels", "digest_slot", "read_at"),
)
_EVENT_FIELDS = ("kind", "thread_key", "ends_at", "client__name")

_SLOT = Coalesce("digest_slot", "due_at")

# A business and one of its people.
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One notification that waits, as a digest tells it; `moot` says why it need not be told.

    `channels` None is all of its reader's; where it is some, it entered the inbox by itself.
    """

    row: Notification
    item: Item
    moot: MootReason | None
    channels: tuple[str, ...] | None = None

    @property
    def slot(self) -> datetime:
        return self.row.digest_slot or self.row.due_at

    @property
    def settled(self) -> bool:
        """Its being moot is this digest's to say; otherwise the inbox has it already."""
        return self.moot is not None and (self.channels is None or INBOX in self.channels)

    def goes_to(self, channel: str) -> bool:
        """What was read in the inbox meanwhile, or is moot there, is told nowhere else."""
        if self.channels is None:
            return True
        told_already = self.row.read_at is not None or self.moot is not None
        return channel in self.channels and (channel == INBOX or not told_already)


def waiting(
    until: Mapping[Pair, datetime], *, now: datetime, lock: bool = False
) -> dict[Pair, list[Waiting]]:
    """What waits for each of these people and is due by then, however long it has been due.

    With `lock` the rows stay as they are until the transaction ends.
    """
    latest = max(until.values())
    rows = (
        _judged(
            Notification.objects.filter(
                Q(digest_slot__isnull=True) | Q(digest_slot__lte=latest),
                awaits_digest=True,
                user_id__any_of={user for _, user in until},
                due_at__lte=latest,
            )
        )
        .select_related("event__client")
        .only(*_ROW_FIELDS, *(f"event__{name}" for name in _EVENT_FIELDS))
        .order_by("id")
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    silenced = _silenced(rows, now)
    found: dict[Pair, list[Waiting]] = {}
    for row in rows:
        pair = (row.business_id, row.user_id)
        waits = _waiting(row, now, silenced=row.pk in silenced)
        if pair in until and waits.slot <= until[pair]:
            found.setdefault(pair, []).append(waits)
    return found


def next_slot_of(user: User) -> datetime | None:
    """When the next thing that waits for this person is due; None when nothing waits."""
    rows = Notification.objects.filter(
        user=user, business_id=business_id_of(user), awaits_digest=True
    )
    first: datetime | None = rows.aggregate(first=Min(_SLOT))["first"]
    return first


def moot_among(notification_ids: Collection[int], *, now: datetime) -> dict[int, MootReason]:
    """Those of these held-back notifications that need not be told any more, and why."""
    rows = (
        _judged(Notification.objects.filter(pk__any_of=notification_ids))
        .select_related("event")
        .only("category", "expires_at", "event__kind", "event__ends_at")
    )
    reasons = {row.pk: moot_reason(_standing(row, row.expires_at), now) for row in rows}
    return {pk: reason for pk, reason in reasons.items() if reason is not None}


def chunks_so_far(
    keys: Collection[tuple[int, str, str]],
) -> dict[tuple[int, str, str], int]:
    """(person, channel, period) → how many chunks there are already."""
    rows = (
        Digest.objects.filter(
            user_id__any_of={user for user, _, _ in keys},
            period_key__any_of={period for _, _, period in keys},
        )
        .order_by()
        .values_list("user_id", "channel", "period_key")
        .annotate(last=Max("chunk"))
    )
    return {(user, channel, period): last + 1 for user, channel, period, last in rows}


def _judged(rows: QuerySet[Notification]) -> QuerySet[Notification]:
    """With the verdict's deadline, and whether something came later that replaces them."""
    return rows.annotate(
        deadline=F("event__classification__expires_at"), superseded=Exists(_replacement())
    )


def _replacement() -> QuerySet[Event]:
    """A later word on the same thing, told to the same person.

    A second mail of a thread replaces nothing: it is read beside the first. A second word on one
    calendar entry, or on one connected account, is all there is to know.
    """
    return Event.objects.filter(
        Q(external_id=OuterRef("event__external_id")) | Q(kind=EventKind.ACCOUNT),
        user_id=OuterRef("event__user_id"),
        business_id=OuterRef("event__business_id"),
        kind=OuterRef("event__kind"),
        thread_key=OuterRef("event__thread_key"),
        id__gt=OuterRef("event_id"),
        notifications__user_id=OuterRef("user_id"),
    ).exclude(Q(thread_key="") | Q(kind=EventKind.EMAIL))


def _silenced(rows: Collection[Notification], now: datetime) -> set[int]:
    """Those that a silence matches by now. One query where there are no silences."""
    pairs = {(row.business_id, row.user_id) for row in rows}
    if not pairs:
        return set()
    silences = rules.silences({b for b, _ in pairs}, {user for _, user in pairs}, now=now)
    known = judged({row.event_id for row in rows}) if silences else {}
    return {
        row.pk
        for row in rows
        if (one := known.get(row.event_id))
        and silences.silence_for(row.business_id, row.user_id, one.subject)
    }


def _waiting(row: Notification, now: datetime, *, silenced: bool) -> Waiting:
    event = row.event
    moot = MootReason(row.moot_reason) if row.moot_reason else None
    return Waiting(
        row=row,
        item=Item(
            key=row.pk,
            title=row.title,
            body=row.body,
            priority=row.priority,
            client=event.client.name if event.client else "",
            thread=event.thread_key,
            came_at=row.created_at,
        ),
        # How long anything is kept at most is no reason: a missed week loses nothing.
        moot=moot
        or (MootReason.SILENCED if silenced else None)
        or moot_reason(_standing(row, getattr(row, "deadline", None)), now),
        channels=None if row.awaits_channels is None else tuple(row.awaits_channels),
    )


def _standing(row: Notification, deadline: datetime | None) -> Standing:
    return Standing(
        is_code=row.category == Category.SECURITY_CODE,
        deadline=deadline,
        ends_at=row.event.ends_at if row.event.kind == EventKind.CALENDAR else None,
        superseded=getattr(row, "superseded", False),
    )
