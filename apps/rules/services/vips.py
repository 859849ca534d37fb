"""People's own lists of senders who get through."""

from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.models import Business, User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.crypto import blind_index
from apps.core.errors import Conflict, Forbidden, NotFound
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.rules.engines.addresses import normalize_address
from apps.rules.models import VipSender
from apps.rules.selectors import visible_vips

DEFAULT_PRIORITY = 8


def add(
    business: Business,
    user: User,
    address: str,
    *,
    label: str = "",
    priority: int = DEFAULT_PRIORITY,
) -> VipSender:
    """Put an address, or "@domain", on `user`'s own list.

    Raises InvalidInput for what is neither and Conflict for what is on that list already.
    """
    normal = normalize_address(address)
    try:
        with transaction.atomic():
            vip = VipSender.objects.create(
                business=business,
                user=user,
                address=normal,
                address_index=blind_index(normal, context=MAILBOX_CONTEXT),
                label=label,
                priority=priority,
            )
            _record(user, vip, "VIP added")
    except IntegrityError:
        raise Conflict("This sender is on your list already") from None
    return vip


def remove(user: User, public_id: UUID) -> None:
    """Take one off `user`'s own list. Raises Forbidden for a shared one, NotFound otherwise."""
    with transaction.atomic():
        vip = visible_vips(user).select_for_update(of=("self",)).filter(public_id=public_id).first()
        if vip is None:
            raise NotFound
        if vip.user_id is None:
            raise Forbidden("This sender is on everybody's list")
        _record(user, vip, "VIP removed")
        vip.delete()


def _record(user: User, vip: VipSender, message: str) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=message,
                business_id=vip.business_id,
                actor_id=user.pk,
                subject=f"vip:{vip.pk}",
                correlation_id=correlation.current(),
            )
        ]
    )
