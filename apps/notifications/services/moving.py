"""What waits is due at another moment than its decision said: told, compared and counted by that.

Each call is a part of the caller's transaction, which holds the rows that wait.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.core.timing import local_day
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Move, Notification
from apps.notifications.selectors import clocks_of
from apps.notifications.services.tallying import Key, shift
from apps.notifications.types import Outcome

# A worker that has nothing else to do comes much sooner.
_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """One notification's way through one channel; `becomes` None is never."""

    notification_id: int
    channel: str
    was: datetime
    becomes: datetime | None


def move(movings: Sequence[Moving], *, now: datetime) -> None:
    """Note each, and let the inbox's be when the notification is due. As many queries for all."""
    if not movings:
        return
    Move.objects.bulk_create(
        Move(
            notification_id=one.notification_id,
            channel=one.channel,
            moved_at=now,
            was_due_at=one.was,
            due_at=one.becomes,
        )
        for one in movings
    )
    told = [
        Notification(pk=one.notification_id, due_at=one.becomes)
        for one in movings
        if one.channel == INBOX and one.becomes is not None
    ]
    Notification.objects.bulk_update(told, ["due_at"])
    shift(_days(movings))


def told_late(rows: Collection[Notification], *, now: datetime) -> None:
    """What a worker comes to only long after it was due is told now, not then."""
    move(
        [
            Moving(notification_id=row.pk, channel=INBOX, was=row.due_at, becomes=now)
            for row in rows
            if now - row.due_at >= _LATE
        ],
        now=now,
    )


def never_told(rows: Collection[Notification], *, now: datetime) -> None:
    """What was set aside before its time, or at it. `rows` still say when that would have been."""
    move(
        [
            Moving(notification_id=row.pk, channel=INBOX, was=row.due_at, becomes=None)
            for row in rows
        ],
        now=now,
    )


def _days(movings: Sequence[Moving]) -> Counter[Key]:
    """By how much each tally changes. In the inbox only what interrupts is counted."""
    rows = Notification.objects.filter(pk__any_of={one.notification_id for one in movings})
    found = rows.values_list("pk", "user_id", "decision__outcome")
    facts = {pk: (user, outcome) for pk, user, outcome in found}
    clocks = clocks_of({user for user, _ in facts.values()})
    changes: Counter[Key] = Counter()
    for one in movings:
        user, outcome = facts[one.notification_id]
        if one.channel == INBOX and outcome != Outcome.DEFER:
            continue
        channel = "" if one.channel == INBOX else one.channel
        for at, times in ((one.was, -1), (one.becomes, 1)):
            if at is not None:
                changes[user, channel, local_day(at, clocks[user])[0]] += times
    return changes
