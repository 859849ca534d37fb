"""The preflight of deliveries: put off or given up before any attempt, as their people are now.

Both are one update of rows that the caller has fenced, in the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from apps.notifications.channels import CHANNELS
from apps.notifications.engines.present import GO_ON, Answer, Ring, preflight
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Delivery, Notification
from apps.notifications.selectors.present import rings_of
from apps.notifications.services import seen
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.moving import Moving, move
from apps.notifications.services.releasing import set_aside
from apps.notifications.types import MootReason

# Changes take effect within a second everywhere: longer than that nothing is believed.
_BELIEVED = timedelta(seconds=1)


class Preflight:
    """One round's deliveries: their people are asked for at once, and again a second later."""

    def __init__(self, deliveries: Sequence[Delivery]) -> None:
        self._deliveries = deliveries
        self._asked_at: datetime | None = None
        self._rings: dict[int, Ring] = {}

    def answer(self, delivery: Delivery, *, now: datetime) -> Answer:
        """Of a delivery that is fenced. What puts it off is read after that, so a snooze that ends
        lets go of it before the fence or, having waited for the row, behind it.
        """
        if self._asked_at is None or now - self._asked_at >= _BELIEVED:
            self._rings = _rings(self._deliveries, now=now)
            self._asked_at = now
        answer = self._known(delivery, now)
        if answer.until is not None and self._asked_at != now:
            self._rings |= _rings([delivery], now=now)
            answer = self._known(delivery, now)
        return answer

    def _known(self, delivery: Delivery, now: datetime) -> Answer:
        ring = self._rings.get(delivery.pk)
        return preflight(ring, now) if ring else GO_ON


def _rings(deliveries: Sequence[Delivery], *, now: datetime) -> dict[int, Ring]:
    local = {d.channel for d in deliveries if CHANNELS.get(d.channel).local}
    return rings_of(deliveries, local=local, needs=needs_in_use(), now=now)


def hold(delivery: Delivery, answer: Answer, *, now: datetime) -> None:
    """One of another channel is put off, or done without being sent. It is no attempt."""
    if answer.until is None:
        seen.suppress(delivery, now=now, reason=answer.reason)
    elif answer.until < delivery.subject.expires_at:
        _put_off({delivery: answer.until}, {delivery: answer.reason}, now=now)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(
            state=Delivery.State.EXPIRED, reason=answer.reason, finished_at=now, token=None
        )


def hold_local(answers: Mapping[Delivery, Answer], *, now: datetime) -> None:
    """What was to enter the inbox: later, or set aside and counted with what became moot."""
    later: dict[Delivery, datetime] = {}
    moot: dict[Delivery, MootReason] = {}
    for delivery, answer in answers.items():
        if answer.until is None:
            moot[delivery] = MootReason(answer.reason)
        elif answer.until < delivery.subject.expires_at:
            later[delivery] = answer.until
        else:
            moot[delivery] = MootReason.EXPIRED
    _put_off(later, {delivery: answers[delivery].reason for delivery in later}, now=now)
    set_aside(list(moot), {delivery.pk: why for delivery, why in moot.items()}, now=now)


def _put_off(
    later: Mapping[Delivery, datetime], reasons: Mapping[Delivery, str], *, now: datetime
) -> None:
    move(
        [_moving(d, d.notification, until, now) for d, until in later.items() if d.notification],
        now=now,
    )
    for delivery, until in later.items():
        tried = delivery.attempt_count > 0
        delivery.state = Delivery.State.RETRY if tried else Delivery.State.PENDING
        delivery.due_at, delivery.reason = until, reasons[delivery]
        delivery.token, delivery.claim_count = None, 0
    fields = ("state", "due_at", "reason", "token", "claim_count")
    Delivery.objects.bulk_update(later, fields)


def _moving(delivery: Delivery, row: Notification, until: datetime, now: datetime) -> Moving:
    """Another channel's claimed row no longer knows when it was due: it is now."""
    was = row.due_at if delivery.channel == INBOX else now
    return Moving(notification_id=row.pk, channel=delivery.channel, was=was, becomes=until)
