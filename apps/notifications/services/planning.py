"""Where each delivery would go now: to which address, and by which provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.core.resilience.breaker import CircuitOpen
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError
from apps.notifications.models import Address, Delivery
from apps.notifications.services.circuits import Circuits
from apps.notifications.services.reaching import target_of
from apps.notifications.services.unsettled import Sorted

_NO_ADDRESS = DeliveryError("There is no address any more", permanent=True, code="no_address")
_NOT_SET_UP = DeliveryError("It is not set up", permanent=True, code="channel_unavailable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where one delivery would go now. `retry_after` seconds: nobody there answers before."""

    delivery: Delivery
    address: Address | None = None
    provider: str = ""
    error: DeliveryError | None = None
    retry_after: float | None = None


def plans_for(known: Sorted, addresses: Mapping[int, Sequence[Address]]) -> list[Plan]:
    """Of what is to be sent. Not inside a transaction: circuits are asked."""
    circuits = Circuits()
    return [
        _plan(delivery, addresses.get(delivery.pk), circuits, known.failed_at.get(delivery.pk, ""))
        for delivery in known.fresh
    ]


def _plan(
    delivery: Delivery, addresses: Sequence[Address] | None, circuits: Circuits, avoid: str
) -> Plan:
    if addresses is not None and not addresses:
        return Plan(delivery=delivery, error=_NO_ADDRESS)
    address = addresses[0] if addresses else None
    names = CHANNELS.get(delivery.channel).providers(target_of(address))
    if not names:
        return Plan(delivery=delivery, error=_NOT_SET_UP)
    try:
        provider = circuits.choose(names, avoid=avoid)
    except CircuitOpen as error:
        return Plan(delivery=delivery, retry_after=error.retry_after or 0.0)
    return Plan(delivery=delivery, address=address, provider=provider)
