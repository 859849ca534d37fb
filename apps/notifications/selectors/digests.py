"""What waits for a digest."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Max, Min, Q
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of
from apps.notifications.models import Digest, Notification
from apps.notifications.selectors.standing import (
    EVENT_FIELDS,
    ROW_FIELDS,
    Waiting,
    silenced_among,
    standing_of,
    with_verdicts,
)

_SLOT = Coalesce("digest_slot", "due_at")

# A business and one of its people.
Pair = tuple[int, int]


def waiting(
    until: Mapping[Pair, datetime], *, now: datetime, lock: bool = False
) -> dict[Pair, list[Waiting]]:
    """What waits for each of these people and is due by then, however long it has been due.

    With `lock` the rows stay as they are until the transaction ends.
    """
    latest = max(until.values())
    rows = (
        with_verdicts(
            Notification.objects.filter(
                Q(digest_slot__isnull=True) | Q(digest_slot__lte=latest),
                awaits_digest=True,
                user_id__any_of={user for _, user in until},
                due_at__lte=latest,
            )
        )
        .select_related("event__client")
        .only(*ROW_FIELDS, *(f"event__{name}" for name in EVENT_FIELDS))
        .order_by("id")
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    silenced = silenced_among(rows, now)
    found: dict[Pair, list[Waiting]] = {}
    for row in rows:
        pair = (row.business_id, row.user_id)
        waits = standing_of(row, now, silenced=row.pk in silenced)
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
