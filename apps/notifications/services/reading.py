"""Somebody has read what they were told."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core.errors import Conflict, NotFound
from apps.notifications.models import Notification
from apps.notifications.selectors import visible_notifications
from apps.notifications.services import live, presence

_UNTOLD = (Notification.Status.PENDING, Notification.Status.QUEUED)


def mark_read(user: User, public_id: UUID, *, now: datetime) -> datetime:
    """When it was read: `now`, or earlier if it had been read before.

    A failed or expired notification keeps its status. Raises NotFound for anybody else's, and
    Conflict for one that is not in the inbox yet.
    """
    presence.note([user.pk], now=now)
    with transaction.atomic():
        row = (
            visible_notifications(user)
            .select_for_update(of=("self",))
            .filter(public_id=public_id)
            .first()
        )
        if row is None:
            raise NotFound
        if row.status in _UNTOLD:
            raise Conflict("This notification has not been delivered yet")
        if row.read_at is not None:
            return row.read_at
        row.read_at = now
        if row.status == Notification.Status.DELIVERED:
            row.status = Notification.Status.READ
        row.save(update_fields=["read_at", "status"])
        record([_read(user, row)])
        live.signal([user.pk])
    return now


def mark_all_read(user: User, *, now: datetime) -> int:
    """Everything unread in the inbox. Returns how many there were."""
    presence.note([user.pk], now=now)
    with transaction.atomic():
        rows = list(
            visible_notifications(user)
            .filter(status=Notification.Status.DELIVERED)
            .select_for_update(of=("self",))
            .only("id", "user_id", "business_id", "correlation_id")
            .order_by("id")
        )
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
            status=Notification.Status.READ, read_at=now
        )
        record([_read(user, row) for row in rows])
        if rows:
            live.signal([user.pk])
    return len(rows)


def _read(user: User, row: Notification) -> AuditDraft:
    return AuditDraft(
        type=AuditType.NOTIFICATION_READ,
        message="Read",
        business_id=row.business_id,
        actor_id=user.pk,
        subject=f"notification:{row.pk}",
        correlation_id=row.correlation_id,
    )
