"""Everything before a send, of deliveries that were claimed.

known by now (services/unsettled.py) ─► settled or looked up
read, moot, not now, barred ─► done without an attempt
no address, no provider ─► given up · no provider that answers ─► put off; neither is an attempt
else: the attempt's row, committed, and an errand
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.core.faultpoints import faultpoint
from apps.notifications.models import Delivery
from apps.notifications.services import seen
from apps.notifications.services.beginning import begin
from apps.notifications.services.delivery_queue import fenced
from apps.notifications.services.planning import Plan, plans_for
from apps.notifications.services.preflight import Preflight, hold
from apps.notifications.services.reaching import reach
from apps.notifications.services.releasing import moot_of, set_aside
from apps.notifications.services.retelling import NOTHING_LEFT, retell
from apps.notifications.services.sending import Done, Errand
from apps.notifications.services.standing_in import stand_in
from apps.notifications.services.unsettled import sort_out
from apps.notifications.types import Bar

State = Delivery.State
# What bars a channel that its person wants: the next one may ring instead.
_UNREACHED = frozenset((Bar.NO_ADDRESS.value, Bar.UNVERIFIED.value))


@dataclass(slots=True)
class Prepared:
    """`errands` are to be run; `done` is to be settled as it is."""

    errands: list[Errand] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)


def prepare(
    deliveries: Sequence[Delivery], *, token: UUID, present: Preflight, now: datetime
) -> Prepared:
    """Of one claim, of channels that are not local. Not inside a transaction."""
    faultpoint("D3")
    addresses = reach(deliveries, now=now)
    known = sort_out(deliveries, addresses, token=token)
    plans = plans_for(known, addresses)
    prepared = Prepared(errands=known.look_ups, done=known.done)
    with transaction.atomic():
        ours = fenced(known.fresh, token)
        due = _due([d for d in known.fresh if d.pk in ours], present, now=now)
        ready = [plan for plan in plans if plan.delivery.pk in due]
        _put_off([plan for plan in ready if plan.retry_after is not None], now=now)
        ready = [plan for plan in ready if plan.retry_after is None]
        prepared.done += [
            Done(delivery=p.delivery, token=token, outcome=p.error) for p in ready if p.error
        ]
        going = [plan for plan in ready if plan.error is None]
        prepared.errands += begin(going, addresses, token=token, now=now)
        faultpoint("D4")
    return prepared


def _due(deliveries: Sequence[Delivery], present: Preflight, *, now: datetime) -> set[int]:
    """Which of them, fenced, are to be sent now; the others are done or put off."""
    read = seen.read_among(deliveries)
    for delivery in deliveries:
        if delivery.pk in read:
            seen.suppress(delivery, now=now)
    unread = [d for d in deliveries if d.pk not in read]
    moot = moot_of(unread, now=now)
    set_aside([d for d in unread if d.pk in moot], moot, now=now)
    answers = {d: present.answer(d, now=now) for d in unread if d.pk not in moot}
    for delivery, answer in answers.items():
        if not answer.goes_on:
            hold(delivery, answer, now=now)
            faultpoint("D9")
    unreached = [d for d, answer in answers.items() if answer.reason in _UNREACHED]
    stand_in(unreached, told=(), now=now)
    wanted = [d for d, answer in answers.items() if answer.goes_on]
    empty = retell(wanted, now=now)
    for delivery in wanted:
        if delivery.pk in empty:
            seen.suppress(delivery, now=now, reason=NOTHING_LEFT)
    return {d.pk for d in wanted} - empty


def _put_off(plans: Sequence[Plan], *, now: datetime) -> None:
    """No provider answers now: as if it had not been claimed, until one may."""
    for plan in plans:
        delivery = plan.delivery
        delivery.state = State.RETRY if delivery.attempt_count else State.PENDING
        delivery.due_at = now + timedelta(seconds=plan.retry_after or 0.0)
        delivery.reason, delivery.token, delivery.claim_count = "circuit_open", None, 0
    fields = ("state", "due_at", "reason", "token", "claim_count")
    Delivery.objects.bulk_update([plan.delivery for plan in plans], fields)
