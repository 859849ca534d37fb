"""What sends cost: reserved before the attempt, and what was not spent given back after it.

`cost_micros` of an attempt is what was reserved for it until its outcome says what it cost.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.notifications.channels.base import DeliveryError, Receipt
from apps.notifications.models import Delivery
from apps.notifications.services.sending import Done, NotSent
from apps.notifications.services.spending import Asked, give_back, reserve


def reserve_prices(prices: Mapping[Delivery, int], *, now: datetime) -> set[int]:
    """Deliveries for which a cap leaves no room. In the transaction that writes the attempts."""
    asked = [_asked(delivery, micros) for delivery, micros in prices.items()]
    refused = reserve(asked, now=now)
    return {delivery.pk for delivery in prices if delivery.pk in refused}


def return_unspent(done: Sequence[Done]) -> None:
    """In the transaction of the outcomes, before they are written to the attempts.

    Nothing of what may have been sent, all of what was surely not, and else what it cost less.
    """
    give_back(
        [
            (_asked(one.delivery, unspent), one.attempt.started_at)
            for one in done
            if one.attempt is not None and (unspent := _unspent(one)) > 0
        ]
    )


def _unspent(done: Done) -> int:
    if done.attempt is None or not done.attempt.cost_micros:
        return 0
    reserved = done.attempt.cost_micros
    if isinstance(done.outcome, Receipt):
        return reserved - done.outcome.cost_micros if done.asked else 0
    known = isinstance(done.outcome, NotSent) or (
        isinstance(done.outcome, DeliveryError) and done.asked and not done.look_up
    )
    return reserved if known else 0


def _asked(delivery: Delivery, micros: int) -> Asked:
    subject = delivery.subject
    return Asked(
        key=delivery.pk,
        user_id=subject.user_id,
        business_id=subject.business_id,
        channel=delivery.channel,
        micros=micros,
    )
