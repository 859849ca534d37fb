"""What is known of earlier attempts, before another one is made.

its provider reported ─► settled by that
nobody knows ─► sent again | looked up | kept for an operator, as its channel says
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.engines.outcomes import Doubt, in_doubt
from apps.notifications.models import Address, Delivery, DeliveryAttempt
from apps.notifications.selectors.attempts import last_attempts
from apps.notifications.services.errands import errand_of, is_urgent
from apps.notifications.services.sending import Done, Errand
from apps.notifications.types import ReportKind

Outcome = DeliveryAttempt.Outcome


@dataclass(slots=True)
class Sorted:
    """`fresh` are to be sent, `done` to be settled as they are.

    `failed_at`: the provider that refused a delivery last.
    """

    fresh: list[Delivery] = field(default_factory=list)
    look_ups: list[Errand] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    failed_at: dict[int, str] = field(default_factory=dict)


def sort_out(
    deliveries: Sequence[Delivery], addresses: Mapping[int, Sequence[Address]], *, token: UUID
) -> Sorted:
    """One query at most; nothing is written."""
    last, found = last_attempts(deliveries), Sorted()
    for delivery in deliveries:
        attempt = last.get(delivery.pk)
        told = _reported(attempt) if attempt else None
        if attempt is None or (told is None and attempt.outcome != Outcome.UNKNOWN):
            found.fresh.append(delivery)
            found.failed_at[delivery.pk] = attempt.provider if attempt else ""
        elif told is not None:
            found.done.append(Done(delivery=delivery, token=token, attempt=attempt, outcome=told))
        else:
            known = addresses.get(delivery.pk)
            address = known[0] if known else None
            _doubt(found, errand_of(delivery, attempt, address, token=token, look_up=True))
    return found


def _doubt(found: Sorted, errand: Errand) -> None:
    delivery = errand.delivery
    policy = CHANNELS.get(delivery.channel).on_unknown
    match in_doubt(policy, urgent=is_urgent(delivery), asked=False):
        case Doubt.SEND:
            found.fresh.append(delivery)
        case Doubt.LOOK_UP:
            found.look_ups.append(errand)
        case Doubt.HOLD:
            found.done.append(
                Done(
                    delivery=delivery,
                    token=errand.token,
                    attempt=errand.attempt,
                    outcome=DeliveryUnclear("Nobody knows whether it was sent"),
                    look_up=True,
                )
            )


def _reported(attempt: DeliveryAttempt) -> Receipt | DeliveryError | None:
    """What its provider's word makes of it; None where there is none, or it is known already."""
    if not attempt.report:
        return None
    kind = ReportKind(attempt.report)
    if kind.arrived:
        known = attempt.outcome == Outcome.DELIVERED
        return None if known else _receipt(attempt)
    if attempt.outcome == Outcome.FAILED:
        return None
    return DeliveryError("Its provider gave it up", permanent=True, code=_code(attempt))


def _receipt(attempt: DeliveryAttempt) -> Receipt:
    return Receipt(
        provider_message_id=attempt.provider_message_id,
        parts=attempt.parts,
        cost_micros=attempt.cost_micros,
    )


def _code(attempt: DeliveryAttempt) -> str:
    return attempt.error_code or attempt.report
