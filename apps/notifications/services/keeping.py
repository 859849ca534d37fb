"""What the outcomes of deliveries say of the addresses they went to."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.models import Address
from apps.notifications.services.addresses import switch_off
from apps.notifications.services.hook_health import watch
from apps.notifications.services.sending import Done
from apps.notifications.types import OffReason


def keep_addresses(done: Sequence[Done], *, now: datetime) -> None:
    """In the transaction of the outcomes. What is well, what fails since when, what is off."""
    asked = [(one.delivery.address_id, one) for one in done if one.asked]
    known = [(address_id, one) for address_id, one in asked if address_id is not None]
    well = {address_id for address_id, one in known if isinstance(one.outcome, Receipt)}
    failed = {address_id: one.outcome for address_id, one in known if _failed(one)}
    if well:
        Address.objects.filter(pk__in=well).update(last_used_at=now, failing_since=None)
    if failed.keys() - well:
        since = Coalesce(F("failing_since"), now)
        failing = Address.objects.filter(pk__in=failed.keys() - well)
        failing.update(failing_since=since)
        watch(list(failing), now=now)
    off: dict[OffReason, list[int]] = {}
    for address_id, error in failed.items():
        if isinstance(error, DeliveryError) and error.off is not None:
            off.setdefault(error.off, []).append(address_id)
    switch_off(off, now=now)


def _failed(done: Done) -> bool:
    """An address that never answers fails as well, though nobody knows what it got."""
    error = done.outcome
    return isinstance(error, DeliveryError) or (
        isinstance(error, DeliveryUnclear) and error.fault.is_failure
    )
