"""One notification that its reader wants to see again later: it leaves the inbox until then."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core.errors import Conflict, NotFound
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Delivery, Notification
from apps.notifications.selectors import visible_notifications
from apps.notifications.services import live, presence
from apps.notifications.services.digesting import add_rounds
from apps.notifications.services.moving import Moving, move
from apps.notifications.types import POSTPONED
from apps.rules.services.silences import Snooze, end_of

_IN_INBOX = (Notification.Status.DELIVERED, Notification.Status.READ)


def postpone(
    user: User, public_id: UUID, choice: Snooze, *, clock: ZoneInfo, now: datetime
) -> datetime:
    """When it comes back, unread, and through any channel that has not been taken yet.

    An attempt that is under way is let finish: it tells or fails, and what failed waits with the
    rest. By then it is asked whether it is still true, as everything that waits. Raises NotFound
    for anybody else's, and Conflict for one that is not in the inbox or would be over by then.
    """
    presence.note([user.pk], now=now)
    until = end_of(choice, clock=clock, now=now)
    with transaction.atomic():
        _lock_deliveries(user, public_id)
        rows = visible_notifications(user).select_for_update(of=("self",))
        row = rows.filter(public_id=public_id).first()
        if row is None:
            raise NotFound
        if row.status not in _IN_INBOX:
            raise Conflict("This notification is not in the inbox")
        if until >= row.expires_at:
            raise Conflict("This notification will be over by then")
        _put_off(row, until, now=now)
        record([_postponed(user, row)])
        live.signal([user.pk])
    return until


def _lock_deliveries(user: User, public_id: UUID) -> None:
    """Before their notification, as whoever delivers or lets go of them does."""
    rows = Delivery.objects.filter(notification__public_id=public_id, notification__user=user)
    list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _put_off(row: Notification, until: datetime, *, now: datetime) -> None:
    move([Moving(notification_id=row.pk, channel=INBOX, was=row.due_at, becomes=until)], now=now)
    Notification.objects.filter(pk=row.pk).update(
        status=Notification.Status.QUEUED, delivered_at=None, read_at=None
    )
    if row.awaits_digest:
        # Another channel's digest, which does not find it in the round that was to be.
        add_rounds([(row.business_id, row.user_id, until)])
    # Whoever has claimed one finds it is no longer theirs.
    Delivery.objects.filter(notification=row, state__in=Delivery.WAITING).update(
        due_at=until, reason=POSTPONED
    )
    Delivery.objects.filter(notification=row, state=Delivery.State.CLAIMED).update(
        state=Delivery.State.PENDING, due_at=until, reason=POSTPONED, token=None, claim_count=0
    )
    Delivery.objects.update_or_create(
        notification=row,
        channel=INBOX,
        defaults={
            "state": Delivery.State.PENDING,
            "due_at": until,
            "reason": POSTPONED,
            "finished_at": None,
            "claim_count": 0,
            "token": None,
        },
        create_defaults={
            "due_at": until,
            "reason": POSTPONED,
            "correlation_id": row.correlation_id,
        },
    )


def _postponed(user: User, row: Notification) -> AuditDraft:
    return AuditDraft(
        type=AuditType.NOTIFICATION_POSTPONED,
        message="Put off by its reader",
        business_id=row.business_id,
        actor_id=user.pk,
        subject=f"notification:{row.pk}",
        correlation_id=row.correlation_id,
    )
