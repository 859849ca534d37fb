"""Seen in one place, not pushed in another: what was read meanwhile is not sent any more."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from apps.core.timing import local_day
from apps.notifications.models import Delivery, DigestItem, Notification
from apps.notifications.selectors import clock_of
from apps.notifications.services.moving import Moving, move

REASON = "seen"
_UNREAD = Q(notification__read_at__isnull=True)


def read_among(deliveries: Sequence[Delivery]) -> set[int]:
    """Those whose reader has read by now everything that they would tell. Two queries at most."""
    notes = {d.notification_id for d in deliveries if d.notification_id is not None}
    rows = Notification.objects.filter(pk__any_of=notes, read_at__isnull=False)
    read = set(rows.values_list("pk", flat=True))
    digests = {d.digest_id for d in deliveries if d.digest_id is not None}
    told = DigestItem.objects.filter(digest_id__any_of=digests, place=DigestItem.Place.TOLD)
    unread = told.values("digest_id").annotate(left=Count("pk", filter=_UNREAD))
    done = {row["digest_id"] for row in unread if not row["left"]}
    return {d.pk for d in deliveries if d.notification_id in read or d.digest_id in done}


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
