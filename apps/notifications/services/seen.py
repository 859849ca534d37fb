"""Seen in one place, not pushed in another: what was read meanwhile is not sent any more."""

from datetime import datetime

from apps.core.timing import local_day
from apps.notifications.models import Delivery, DigestItem, Notification
from apps.notifications.selectors import clock_of
from apps.notifications.services.moving import Moving, move

REASON = "seen"


def all_read(delivery: Delivery) -> bool:
    """Whether its reader has read by now everything that it would tell. One query."""
    if delivery.notification_id is not None:
        rows = Notification.objects.filter(pk=delivery.notification_id)
        return rows.filter(read_at__isnull=False).exists()
    told = DigestItem.objects.filter(digest=delivery.digest_id, place=DigestItem.Place.TOLD)
    read = list(told.values_list("notification__read_at", flat=True))
    return bool(read) and all(at is not None for at in read)


def suppress(delivery: Delivery, *, now: datetime, reason: str = REASON) -> None:
    """Done without being sent, in the caller's transaction; the day's limit gets its place back."""
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.State.SUPPRESSED, reason=reason, finished_at=now, token=None
    )
    if delivery.notification is not None:
        _give_back(delivery.notification, delivery.channel, now)


def _give_back(row: Notification, channel: str, now: datetime) -> None:
    """Only where its day is beyond doubt: told and suppressed on the same one."""
    own_zone = clock_of(row.user)
    day = local_day(now, own_zone)[0]
    if local_day(row.due_at, own_zone)[0] == day:
        never = Moving(notification_id=row.pk, channel=channel, was=row.due_at, becomes=None)
        move([never], now=now)
