"""VIP entries as operators write them, on anybody's list or on the shared one."""

from apps.accounts.models import Business, Membership, User
from apps.core.crypto import blind_index
from apps.core.errors import InvalidInput
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.engines.addresses import normalize_address
from apps.rules.models import VipSender


def written_address(vip: VipSender, address: str) -> None:
    """Set the address and the index it is found by. Raises InvalidInput for what is none."""
    vip.address = normalize_address(address)
    vip.address_index = blind_index(vip.address, context=MAILBOX_CONTEXT)


def find(business: Business, user: User | None, address: str) -> VipSender | None:
    """The entry of that list for that address. Raises InvalidInput for what is none."""
    index = blind_index(normalize_address(address), context=MAILBOX_CONTEXT)
    return VipSender.objects.filter(business=business, user=user, address_index=index).first()


def check_list(business: Business, user: User | None) -> None:
    """Raises InvalidInput for somebody who does not work in that business."""
    if user and not Membership.objects.filter(business=business, user=user).exists():
        raise InvalidInput(fields={"user": "This person does not work in this business."})
