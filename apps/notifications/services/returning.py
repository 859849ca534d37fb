"""Sending again to an address that was switched off: by its person, or by an operator."""

from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import Conflict, NotFound
from apps.notifications.models import Address
from apps.notifications.services.addresses import switch_on
from apps.notifications.types import OffReason
from apps.notifications.types.choices import PHONES

# There is nothing there to send to: what helps is another address.
_FINAL = (OffReason.GONE.value, OffReason.INVALID.value)


def may_return(row: Address) -> bool:
    """Whether its person may have things sent there again. A phone that said STOP says START."""
    stopped = row.channel in PHONES and row.off_reason == OffReason.UNSUBSCRIBED
    proven = row.verified_at is not None
    off = row.state == Address.State.OFF
    return off and proven and not stopped and row.off_reason not in _FINAL


def send_again(user: User, public_id: UUID, *, now: datetime) -> Address:
    """By its person. Raises NotFound, and Conflict where only another address would help."""
    row = Address.objects.filter(user=user, public_id=public_id).first()
    if row is None:
        raise NotFound("No such address")
    if row.state == Address.State.OFF:
        if not may_return(row):
            raise Conflict("Nothing can be sent to this address: add another one")
        _return(row, actor=user, now=now)
    return row


def send_again_for(row: Address, *, actor: User, now: datetime) -> None:
    """By an operator, whatever the reason. Raises Conflict for one that was never verified."""
    _return(row, actor=actor, now=now)


def _return(row: Address, *, actor: User, now: datetime) -> None:
    switch_on(row, now=now)
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message="Address switched on again",
                business_id=business_of(row.user).pk,
                actor_id=actor.pk,
                subject=f"address:{row.pk}",
                correlation_id=correlation.current(),
                metadata={"channel": row.channel, "reason": row.off_reason},
            )
        ]
    )
