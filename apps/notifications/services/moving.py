"""What waits is due at another moment than its decision said: told, compared and counted by that.

Each call is a part of the caller's transaction, which holds the rows that wait.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.core.timing import local_day
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Move, Notification
from apps.notifications.selectors import clocks_of
from apps.notifications.selectors.tallies import counted_on
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
    counts = _counts(movings)
    Move.objects.bulk_create(
        Move(
            notification_id=one.notification_id,
            channel=one.channel,
            moved_at=now,
            was_due_at=one.was,
            due_at=one.becomes,
            counted_on=count.now_on,
        )
        for one, count in zip(movings, counts, strict=True)
    )
    told = [
        Notification(pk=one.notification_id, due_at=one.becomes)
        for one in movings
        if one.channel == INBOX and one.becomes is not None
    ]
    Notification.objects.bulk_update(told, ["due_at"])
    shift(_changes(counts))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    """Where one is counted: no more on `left`, and on `now_on` instead. None is nowhere."""

    user_id: int
    channel: str
    left: date | None
    now_on: date | None


def _counts(movings: Sequence[Moving]) -> list[_Count]:
    """Of each. In the inbox only what was put off is counted, as it interrupts.

    The day it leaves is the one it was counted on, by whatever zone that was. The day it goes to is
    its person's by now, since by that they are judged when it comes.
    """
    ids = {one.notification_id for one in movings}
    rows = Notification.objects.filter(pk__any_of=ids)
    found = rows.values_list("pk", "user_id", "decision__outcome")
    facts = {pk: (user, outcome) for pk, user, outcome in found}
    clocks = clocks_of({user for user, _ in facts.values()})
    known = counted_on(ids)
    counts = []
    for one in movings:
        user, outcome = facts[one.notification_id]
        counted = one.channel != INBOX or outcome == Outcome.DEFER
        was = local_day(one.was, clocks[user])[0]
        left = known.get((one.notification_id, one.channel), was) if counted else None
        at = one.becomes if counted else None
        now_on = local_day(at, clocks[user])[0] if at else None
        channel = "" if one.channel == INBOX else one.channel
        counts.append(_Count(user_id=user, channel=channel, left=left, now_on=now_on))
    return counts


def _changes(counts: Sequence[_Count]) -> Counter[Key]:
    """By how much each tally changes."""
    changes: Counter[Key] = Counter()
    for one in counts:
        for day, times in ((one.left, -1), (one.now_on, 1)):
            if day is not None:
                changes[one.user_id, one.channel, day] += times
    return changes
