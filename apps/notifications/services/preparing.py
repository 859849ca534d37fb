"""Everything before a send, of deliveries that were claimed.

known by now (services/unsettled.py) ─► settled or looked up
read, moot, not now, barred ─► done without an attempt
no address, no provider ─► given up · no provider that answers ─► put off; neither is an attempt
else: the attempt's row, committed, and an errand
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.core.faultpoints import faultpoint
from apps.core.resilience.breaker import CircuitOpen
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError
from apps.notifications.models import Address, Delivery, DeliveryAttempt
from apps.notifications.selectors.tracking import people_tracked
from apps.notifications.services import seen
from apps.notifications.services.circuits import Circuits
from apps.notifications.services.delivery_queue import fenced
from apps.notifications.services.errands import errand_of
from apps.notifications.services.preflight import Preflight, hold
from apps.notifications.services.reaching import reach, siblings, target_of
from apps.notifications.services.releasing import moot_of, set_aside
from apps.notifications.services.sending import Done, Errand
from apps.notifications.services.standing_in import stand_in
from apps.notifications.services.unsettled import Sorted, sort_out
from apps.notifications.types import Bar

State = Delivery.State
# What bars a channel that its person wants: the next one may ring instead.
_UNREACHED = frozenset((Bar.NO_ADDRESS.value, Bar.UNVERIFIED.value))
_NO_ADDRESS = DeliveryError("There is no address any more", permanent=True, code="no_address")
_NOT_SET_UP = DeliveryError("It is not set up", permanent=True, code="channel_unavailable")


@dataclass(slots=True)
class Prepared:
    """`errands` are to be run; `done` is to be settled as it is."""

    errands: list[Errand] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """Where one delivery would go now. `retry_after` seconds: nobody there answers before."""

    delivery: Delivery
    address: Address | None = None
    provider: str = ""
    error: DeliveryError | None = None
    retry_after: float | None = None


def prepare(
    deliveries: Sequence[Delivery], *, token: UUID, present: Preflight, now: datetime
) -> Prepared:
    """Of one claim, of channels that are not local. Not inside a transaction."""
    faultpoint("D3")
    addresses = reach(deliveries, now=now)
    known = sort_out(deliveries, addresses, token=token)
    plans = _plans(known, addresses)
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
        prepared.errands += _begin(going, addresses, token=token, now=now)
        faultpoint("D4")
    return prepared


def _plans(known: Sorted, addresses: Mapping[int, Sequence[Address]]) -> list[_Plan]:
    circuits = Circuits()
    return [
        _plan(delivery, addresses.get(delivery.pk), circuits, known.failed_at.get(delivery.pk, ""))
        for delivery in known.fresh
    ]


def _plan(
    delivery: Delivery, addresses: Sequence[Address] | None, circuits: Circuits, avoid: str
) -> _Plan:
    if addresses is not None and not addresses:
        return _Plan(delivery=delivery, error=_NO_ADDRESS)
    address = addresses[0] if addresses else None
    names = CHANNELS.get(delivery.channel).providers(target_of(address))
    if not names:
        return _Plan(delivery=delivery, error=_NOT_SET_UP)
    try:
        provider = circuits.choose(names, avoid=avoid)
    except CircuitOpen as error:
        return _Plan(delivery=delivery, retry_after=error.retry_after or 0.0)
    return _Plan(delivery=delivery, address=address, provider=provider)


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
    return {d.pk for d, answer in answers.items() if answer.goes_on}


def _begin(
    plans: Sequence[_Plan],
    addresses: Mapping[int, Sequence[Address]],
    *,
    token: UUID,
    now: datetime,
) -> list[Errand]:
    """The rows of the attempts, and of further addresses."""
    deliveries = [plan.delivery for plan in plans]
    Delivery.objects.bulk_create(siblings(deliveries, addresses, now=now), ignore_conflicts=True)
    attempts = DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            delivery=plan.delivery,
            number=plan.delivery.attempt_count + 1,
            provider=plan.provider,
            started_at=now,
        )
        for plan in plans
    )
    for plan in plans:
        plan.delivery.attempt_count += 1
        plan.delivery.address = plan.address
    Delivery.objects.bulk_update(deliveries, ["address"])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        state=State.ATTEMPTING,
        attempt_count=F("attempt_count") + 1,
        # A whole lease for the send, however long this row waited for its turn in the round.
        due_at=Now() + timedelta(seconds=settings.LEASE_SECONDS),
    )
    tracked = people_tracked({delivery.subject.user_id for delivery in deliveries})
    return [
        errand_of(
            plan.delivery,
            attempt,
            plan.address,
            token=token,
            tracked=plan.delivery.subject.user_id in tracked,
        )
        for plan, attempt in zip(plans, attempts, strict=True)
    ]


def _put_off(plans: Sequence[_Plan], *, now: datetime) -> None:
    """No provider answers now: as if it had not been claimed, until one may."""
    for plan in plans:
        delivery = plan.delivery
        delivery.state = State.RETRY if delivery.attempt_count else State.PENDING
        delivery.due_at = now + timedelta(seconds=plan.retry_after or 0.0)
        delivery.reason, delivery.token, delivery.claim_count = "circuit_open", None, 0
    fields = ("state", "due_at", "reason", "token", "claim_count")
    Delivery.objects.bulk_update([plan.delivery for plan in plans], fields)
