"""The rows that say a send is about to be made, and the errands they are for."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from apps.notifications.channels import CHANNELS
from apps.notifications.models import Address, Delivery, DeliveryAttempt
from apps.notifications.selectors.templates import templates_of
from apps.notifications.selectors.tracking import people_tracked
from apps.notifications.services import seen
from apps.notifications.services.errands import errand_of
from apps.notifications.services.metering import reserve_prices
from apps.notifications.services.planning import Plan
from apps.notifications.services.reaching import siblings
from apps.notifications.services.sending import Errand
from apps.notifications.services.standing_in import stand_in

# Why a channel that costs money is not taken.
SPEND_CAP = "spend_cap"


def begin(
    plans: Sequence[Plan],
    addresses: Mapping[int, Sequence[Address]],
    *,
    token: UUID,
    now: datetime,
) -> list[Errand]:
    """In the transaction that fenced the deliveries. What no cap has room for is not sent."""
    errands = _errands(plans, token=token, now=now)
    prices = {
        one.delivery: CHANNELS.get(one.delivery.channel).price_micros(one.message, one.target)
        for one in errands
        if CHANNELS.get(one.delivery.channel).metered
    }
    refused = reserve_prices(prices, now=now) if prices else set()
    _refuse([one.delivery for one in errands if one.delivery.pk in refused], now=now)
    going = [one for one in errands if one.delivery.pk not in refused]
    for one in going:
        one.attempt.cost_micros = prices.get(one.delivery, 0)
    _write(going, {plan.delivery.pk: plan.address for plan in plans}, addresses, now=now)
    return going


def _errands(plans: Sequence[Plan], *, token: UUID, now: datetime) -> list[Errand]:
    tracked = people_tracked({plan.delivery.subject.user_id for plan in plans})
    templates = templates_of({plan.delivery.subject.business_id for plan in plans})
    return [
        errand_of(
            plan.delivery,
            DeliveryAttempt(
                delivery=plan.delivery,
                number=plan.delivery.attempt_count + 1,
                provider=plan.provider,
                started_at=now,
            ),
            plan.address,
            token=token,
            tracked=plan.delivery.subject.user_id in tracked,
            templates=templates,
        )
        for plan in plans
    ]


def _refuse(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    for delivery in deliveries:
        seen.suppress(delivery, now=now, reason=SPEND_CAP)
    stand_in(deliveries, told=(), now=now)


def _write(
    errands: Sequence[Errand],
    chosen: Mapping[int, Address | None],
    addresses: Mapping[int, Sequence[Address]],
    *,
    now: datetime,
) -> None:
    """The rows of the attempts, and deliveries to further addresses."""
    deliveries = [errand.delivery for errand in errands]
    Delivery.objects.bulk_create(siblings(deliveries, addresses, now=now), ignore_conflicts=True)
    DeliveryAttempt.objects.bulk_create(errand.attempt for errand in errands)
    for delivery in deliveries:
        delivery.attempt_count += 1
        delivery.address = chosen[delivery.pk]
    Delivery.objects.bulk_update(deliveries, ["address"])
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        state=Delivery.State.ATTEMPTING,
        attempt_count=F("attempt_count") + 1,
        # A whole lease for the send, however long this row waited for its turn in the round.
        due_at=Now() + timedelta(seconds=settings.LEASE_SECONDS),
    )
