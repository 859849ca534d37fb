"""The URLs people have their notifications posted to."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.notifications.models import Address, Delivery
from apps.notifications.types import OffReason
from apps.notifications.types.choices import HOOKS

# Taken away by their person: gone for them, though deliveries still name it.
REMOVED = Q(state=Address.State.OFF, off_reason=OffReason.BY_HAND)


def hooks_of(user: User) -> QuerySet[Address]:
    """One person's own, in the order in which they came; those that are off, too."""
    return Address.objects.filter(user=user, channel__in=HOOKS).exclude(REMOVED).order_by("id")


def is_hook(row: Address) -> bool:
    """What `hooks_of` finds, of rows that are at hand."""
    removed = (row.state, row.off_reason) == (Address.State.OFF, OffReason.BY_HAND)
    return row.channel in HOOKS and not removed


def hook_of(user: User, public_id: UUID, *, lock: bool = False) -> Address:
    """One of them. Raises NotFound. `lock` needs a transaction."""
    rows = hooks_of(user)
    row = (rows.select_for_update() if lock else rows).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("No such hook")
    return row


def lost_deliveries(
    hook: Address, *, since: datetime, now: datetime
) -> tuple[QuerySet[Delivery], QuerySet[Delivery]]:
    """What was given up there since then: what may still be told, and what is too late to tell."""
    rows = Delivery.objects.filter(
        address=hook,
        state__in=(Delivery.State.FAILED, Delivery.State.DEAD),
        finished_at__gte=since,
    ).alias(ends=Coalesce("notification__expires_at", "digest__expires_at"))
    return rows.filter(ends__gt=now), rows.filter(ends__lte=now)
