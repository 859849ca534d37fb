"""To which addresses a delivery goes: its own, once it has one, else those that its person has now.

A channel that rings at each address makes a delivery of its own for every further one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from apps.accounts.models import User
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import NOWHERE, Target
from apps.notifications.models import Address, Delivery
from apps.notifications.selectors.addresses import MAIL, active_addresses
from apps.notifications.services.addresses import account_mails


def reach(deliveries: Sequence[Delivery], *, now: datetime) -> dict[int, list[Address]]:
    """Delivery → its addresses, perhaps none any more. Of channels with addresses only."""
    addressed = [d for d in deliveries if CHANNELS.get(d.channel).addressed]
    found = {d.pk: _own(d) for d in addressed if d.address is not None}
    open_ = [d for d in addressed if d.address is None]
    if open_:
        pairs = {(d.subject.user_id, d.channel) for d in open_}
        known = active_addresses(pairs)
        lacking = {user for user, channel in pairs if channel == MAIL} - {u for u, _ in known}
        known |= {(user, MAIL): [row] for user, row in account_mails(lacking, now=now).items()}
        found |= {d.pk: known.get((d.subject.user_id, d.channel), []) for d in open_}
    return found


def reachable(user: User, channel: str, *, now: datetime) -> list[Address]:
    """One person's addresses for one channel that has some."""
    known = active_addresses({(user.pk, channel)}).get((user.pk, channel), [])
    if not known and channel == MAIL:
        known = [*account_mails([user.pk], now=now).values()]
    return known


def target_of(address: Address | None) -> Target:
    if address is None:
        return NOWHERE
    return Target(address_id=address.pk, value=address.value, details=address.details or {})


def siblings(
    deliveries: Iterable[Delivery], addresses: Mapping[int, Sequence[Address]], *, now: datetime
) -> list[Delivery]:
    """New rows, due at once, for the further addresses of channels that ring at each."""
    return [
        Delivery(
            notification_id=delivery.notification_id,
            digest_id=delivery.digest_id,
            channel=delivery.channel,
            correlation_id=delivery.correlation_id,
            stands_in_for_id=delivery.stands_in_for_id,
            address=address,
            due_at=now,
        )
        for delivery in deliveries
        if delivery.address_id is None and CHANNELS.get(delivery.channel).each
        for address in addresses.get(delivery.pk, ())[1:]
    ]


def _own(delivery: Delivery) -> list[Address]:
    address = delivery.address
    return [address] if address is not None and address.state == Address.State.ACTIVE else []
