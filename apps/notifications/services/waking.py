"""What was put off comes when nothing holds it any more, also when that is earlier than it was.

A snooze that is ended or shortened, and quiet hours that are: what they held moves up to the moment
its person can be told now. A row that comes due is no promise that it is told: the preflight asks
once more.

    change + Waking ─commit─► let go, Waking gone ─commit
                        └ failed, or killed: the sweep does it (`let_go_owed`)
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction
from django.db.models import F, Q

from apps.accounts.models import Business, User
from apps.notifications import selectors
from apps.notifications.engines.present import Answer, held
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Delivery, Notification, Waking
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.digesting import add_rounds
from apps.notifications.services.moving import Moving, move
from apps.notifications.types import Frequency, Hold, Outcome, Reason
from apps.rules.models import Silence
from apps.rules.selectors import snoozed_until_of
from apps.rules.services import silences

log = structlog.get_logger(__name__)

# Longer than anybody takes who does it at once, and the pause after a try that failed.
_OVERDUE = timedelta(seconds=10)
_AGAIN = timedelta(minutes=1)
_OF_THEIR_OWN_TIME = (Frequency.DAILY, Frequency.WEEKLY)
_HOLDS = (Reason.SNOOZED.value, Reason.QUIET_HOURS.value, Hold.QUIET_HOURS.value)


def snooze(
    business: Business, user: User, choice: silences.Snooze, *, clock: ZoneInfo, now: datetime
) -> Silence:
    """As `silences.snooze`; what a longer one held comes when this one ends."""
    with transaction.atomic():
        silence = silences.snooze(business, user, choice, clock=clock, now=now)
        owe(business, user, now=now)
    pay(business, user, now=now)
    return silence


def wake(business: Business, user: User, *, now: datetime) -> None:
    """End `user`'s snooze, if there is one: what it held is due now."""
    with transaction.atomic():
        silences.wake(business, user, now=now)
        owe(business, user, now=now)
    pay(business, user, now=now)


def lift(business: Business, user: User, public_id: UUID, *, now: datetime) -> None:
    """End one of `user`'s own silences. Raises Forbidden for a shared one, NotFound otherwise."""
    with transaction.atomic():
        silences.lift(user, public_id, now=now)
        owe(business, user, now=now)
    pay(business, user, now=now)


def owe(business: Business, user: User, *, now: datetime) -> None:
    """In the transaction of a change: after it, `let_go` is to be called, by whomever."""
    Waking.objects.bulk_create(
        [Waking(user=user, business=business, due_at=now + _OVERDUE)],
        update_conflicts=True,
        unique_fields=["user"],
        update_fields=["business", "due_at"],
    )


def pay(business: Business, user: User, *, now: datetime) -> None:
    """After that transaction. The change stands, so a failure is no failure of it."""
    try:
        let_go(business, user, now=now)
    except Exception:
        log.exception("letting_go_failed", user_id=user.pk)


def let_go_owed(*, now: datetime, limit: int = 100) -> int:
    """What nobody got done in its time. Returns for how many people it is done now.

    Everybody's has a transaction of its own: one that fails again keeps nobody waiting.
    """
    owed = Waking.objects.filter(due_at__lte=now).select_related("business", "user")
    done = 0
    for row in owed.order_by("due_at")[:limit]:
        try:
            let_go(row.business, row.user, now=now)
            done += 1
        except Exception:
            log.exception("letting_go_failed", user_id=row.user_id)
            Waking.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=now + _AGAIN)
    return done


@transaction.atomic
def let_go(business: Business, user: User, *, now: datetime) -> None:
    """Nothing waits longer for a snooze or quiet hours than it would have to by now.

    Call it after what has changed is committed: whoever still read of it has the row, and is
    awaited.
    """
    # First: who changes something from here on waits, and lets go once more.
    Waking.objects.filter(user=user).delete()
    pair = business.pk, user.pk
    preference = selectors.preferences_of({pair}, needs=needs_in_use())[pair]
    snoozed_until = snoozed_until_of(user, now=now)
    rows = _held(business, user, now=now)
    answers = {r.channel: held(preference, r.channel, snoozed_until, now) for r in rows}
    _move_up(rows, answers, now=now)
    if preference.frequency not in _OF_THEIR_OWN_TIME:
        _move_batch_up(business, user, at=snoozed_until or now, now=now)


def _held(business: Business, user: User, *, now: datetime) -> list[Delivery]:
    """What waits for a snooze or quiet hours, locked."""
    own = Q(notification__business=business, notification__user=user)
    own |= Q(digest__business=business, digest__user=user)
    as_decided = Q(reason="", due_at=F("notification__due_at"))
    held = Q(reason__in=_HOLDS) | as_decided & Q(notification__decision__reason__in=_HOLDS)
    waiting = Delivery.objects.filter(own, held, state__in=Delivery.WAITING, due_at__gt=now)
    taken = Delivery.objects.filter(own, state=Delivery.State.CLAIMED)
    known = Q(pk__in=list(waiting.values_list("pk", flat=True)))
    known |= Q(pk__in=list(taken.values_list("pk", flat=True)), reason__in=_HOLDS)
    rows = Delivery.objects.filter(known, state__in=Delivery.WAITING, due_at__gt=now).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("notification"))


def _move_up(rows: Sequence[Delivery], answers: Mapping[str, Answer], *, now: datetime) -> None:
    """`answers` say of each channel until when it is held by now."""
    movings, moved = [], []
    for row in rows:
        answer = answers[row.channel]
        due_at = answer.until or now
        if row.due_at <= due_at:
            continue
        if row.notification is not None:
            movings.append(_moving(row, row.notification, due_at))
        row.due_at, row.reason = due_at, answer.reason or row.reason
        moved.append(row)
    Delivery.objects.bulk_update(moved, ["due_at", "reason"])
    move(movings, now=now)


def _moving(delivery: Delivery, row: Notification, due_at: datetime) -> Moving:
    was = row.due_at if delivery.channel == INBOX else delivery.due_at
    return Moving(notification_id=row.pk, channel=delivery.channel, was=was, becomes=due_at)


def _move_batch_up(business: Business, user: User, *, at: datetime, now: datetime) -> None:
    """What waits for a batch after the snooze; a digest keeps to its person's own time."""
    rows = Notification.objects.filter(
        business=business,
        user=user,
        awaits_digest=True,
        awaits_channels=None,
        due_at__gt=at,
        decision__outcome=Outcome.DIGEST,
        decision__reason=Reason.SNOOZED,
    ).select_for_update(of=("self",))
    waiting = list(rows.values_list("pk", "due_at"))
    if waiting:
        move(
            [Moving(notification_id=pk, channel=INBOX, was=was, becomes=at) for pk, was in waiting],
            now=now,
        )
        add_rounds([(business.pk, user.pk, at)])
