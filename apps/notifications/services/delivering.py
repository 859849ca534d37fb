"""One delivery's way through its channel (reliability of each step: docs/architecture.md).

    claimed ─► attempting (attempt row committed) ─► send ─► delivered | retry | failed | dead
       └─► suppressed | expired | put off: pending, or retry, again

Killed before the attempt row: the lease runs out and it is claimed again. Killed after it: nobody
knows, so the row becomes `unknown` and the channel's policy decides: send again (which for the
console costs one repeated line), ask the provider, or ask an operator. Killed after the outcome:
done.

What its reader has read meanwhile is `suppressed`: seen in one place, it is not pushed in another.
What was held back is told only while it is still true; otherwise it joins the person's next "while
you were away" line, which the digest queue writes. And it is told as its person wants it now, not
as they did when it was decided (engines/present.py).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.core.faultpoints import faultpoint
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services import live
from apps.notifications.services.delivery_queue import GaveUp, fenced
from apps.notifications.services.preflight import Preflight, hold_local
from apps.notifications.services.preparing import prepare
from apps.notifications.services.releasing import mark_delivered, moot_of, set_aside
from apps.notifications.services.sending import Slots
from apps.notifications.services.settling import settle

State, Outcome = Delivery.State, DeliveryAttempt.Outcome


def deliver_local(deliveries: Sequence[Delivery], *, token: UUID, now: datetime) -> None:
    """Channels of this very database: claimed, written and told in one transaction."""
    with transaction.atomic():
        ours = fenced(deliveries, token)
        current = [delivery for delivery in deliveries if delivery.pk in ours]
        moot = moot_of(current, now=now)
        due = [d for d in current if d.pk not in moot]
        present = Preflight(due)
        answers = {delivery: present.answer(delivery, now=now) for delivery in due}
        _finish_local([d for d in due if answers[d].goes_on], now=now)
        hold_local({d: one for d, one in answers.items() if not one.goes_on}, now=now)
        set_aside([d for d in current if d.pk in moot], moot, now=now)
        live.signal(delivery.subject.user_id for delivery in current)


def _finish_local(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    if not deliveries:
        return
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            delivery=delivery,
            number=delivery.attempt_count + 1,
            outcome=Outcome.DELIVERED,
            started_at=now,
            finished_at=now,
        )
        for delivery in deliveries
    )
    Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).update(
        state=State.DELIVERED,
        reason="",
        finished_at=now,
        token=None,
        attempt_count=F("attempt_count") + 1,
    )
    mark_delivered(deliveries, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """Deliveries of channels that are not local, under one token."""

    token: UUID
    deliveries: list[Delivery]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a round has to do with the rest of the system.

    `more(count)` claims up to so many further deliveries, none when there are none or the round is
    over. `bury` is called in the transaction that gives some up. `clock` is read again and again:
    a round takes as long as its slowest send.
    """

    more: Callable[[int], Claimed]
    bury: Callable[[Sequence[GaveUp]], None]
    clock: Callable[[], datetime]


def deliver_remote(work: Work) -> None:
    """Keep DELIVERY_CONCURRENCY sends going until nothing is left: a slow one delays no other."""
    slots = Slots(settings.DELIVERY_CONCURRENCY)
    while True:
        claimed = work.more(slots.free) if slots.free else None
        if claimed is not None and claimed.deliveries:
            _start(claimed, slots, work)
        if not slots.busy:
            if claimed is not None and not claimed.deliveries:
                return
            continue
        done = slots.finished()
        if not done:
            continue
        faultpoint("D6")
        settle(done, now=work.clock(), bury=work.bury)
        faultpoint("D8")
        slots.settled(done)


def _start(claimed: Claimed, slots: Slots, work: Work) -> None:
    present = Preflight(claimed.deliveries)
    prepared = prepare(claimed.deliveries, token=claimed.token, present=present, now=work.clock())
    faultpoint("D5")
    if prepared.done:
        settle(prepared.done, now=work.clock(), bury=work.bury)
    for errand in prepared.errands:
        slots.start(errand)
