"""Is what was held back, or waits in a digest, still true for its reader?"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.engines.digesting import Item
from apps.notifications.engines.standing import Standing, moot_reason
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import DigestItem, Notification
from apps.notifications.selectors.present import put_off_by_reader
from apps.notifications.selectors.subjects import judged
from apps.notifications.types import MootReason
from apps.rules import selectors as rules

# What a digest reads of the rows; encrypted columns cost time for each of them.
ROW_FIELDS = (
    *("business_id", "user_id", "title", "body", "category", "priority", "due_at", "created_at"),
    *("moot_reason", "awaits_channels", "digest_slot", "read_at"),
)
EVENT_FIELDS = ("kind", "thread_key", "ends_at", "client__name")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a digest that was built tells or left out: `was`, and where it belongs `now`.

    `moot` says why it is not to be told any more, where that is its place.
    """

    item: Item
    was: DigestItem.Place
    now: DigestItem.Place
    moot: MootReason | None


def carried_by(digest_ids: Collection[int], *, now: datetime) -> dict[int, list[Carried]]:
    """Digest → what it tells, or counts as left out, as it is by now. Two queries for all."""
    told = (DigestItem.Place.TOLD, DigestItem.Place.LEFT_OUT)
    rows = (
        with_verdicts(
            Notification.objects.filter(
                digest_items__digest_id__in=digest_ids, digest_items__place__in=told
            )
        )
        .annotate(
            digest_id=F("digest_items__digest_id"),
            place=F("digest_items__place"),
            away=Exists(put_off_by_reader(now=now).filter(notification=OuterRef("pk"))),
        )
        .select_related("event__client")
        .only(*ROW_FIELDS, *(f"event__{name}" for name in EVENT_FIELDS))
        .order_by("id")
    )
    silenced = silenced_among(rows, now)
    found: dict[int, list[Carried]] = {}
    for row in rows:
        one = standing_of(row, now, silenced=row.pk in silenced)
        place = DigestItem.Place(row.place)
        found.setdefault(row.digest_id, []).append(
            Carried(
                item=one.item,
                was=place,
                now=_place_now(one, place, away=row.away),
                moot=one.moot,
            )
        )
    return found


def _place_now(one: Waiting, place: DigestItem.Place, *, away: bool) -> DigestItem.Place:
    """Where it belongs by now. Whoever has read it knows it, whatever became of it since."""
    if one.row.read_at is not None:
        return DigestItem.Place.READ
    if away:
        return DigestItem.Place.PUT_OFF
    return DigestItem.Place.MOOT if one.moot is not None else place


def moot_among(notification_ids: Collection[int], *, now: datetime) -> dict[int, MootReason]:
    """Those of these held-back notifications that need not be told any more, and why."""
    rows = (
        with_verdicts(Notification.objects.filter(pk__any_of=notification_ids))
        .select_related("event")
        .only("category", "expires_at", "event__kind", "event__ends_at")
    )
    reasons = {row.pk: moot_reason(_standing(row, row.expires_at), now) for row in rows}
    return {pk: reason for pk, reason in reasons.items() if reason is not None}


def with_verdicts(rows: QuerySet[Notification]) -> QuerySet[Notification]:
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


def silenced_among(rows: Collection[Notification], now: datetime) -> set[int]:
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


def standing_of(row: Notification, now: datetime, *, silenced: bool) -> Waiting:
    """`row` with what `with_verdicts` knows of it."""
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
