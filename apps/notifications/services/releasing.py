"""What a delivery means for what it carries: told, or set aside because it no longer matters."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Value, When

from apps.notifications.models import Delivery, DigestItem, Notification
from apps.notifications.selectors.present import put_off_by_reader
from apps.notifications.selectors.standing import moot_among
from apps.notifications.services.digesting import add_rounds
from apps.notifications.services.moving import never_told, told_late
from apps.notifications.types import MootReason

_UNTOLD = (Notification.Status.PENDING, Notification.Status.QUEUED)
# What has another channel's digest for itself is counted by the inbox's line alone: it may be in
# the other one already.
_OF_THE_LINE = Case(
    When(awaits_channels__isnull=True, then=Value(None)),
    default=Value(["in_app"]),
    output_field=Notification._meta.get_field("awaits_channels"),
)


def mark_delivered(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    """A digest takes everything along that it tells.

    What its reader has snoozed meanwhile stays away: that channel told it, the inbox will again.
    """
    digests = [d.digest_id for d in deliveries if d.digest_id is not None]
    told = DigestItem.objects.filter(digest_id__in=digests, place=DigestItem.Place.TOLD)
    taken_along = set(told.values_list("notification_id", flat=True)) if digests else set()
    alone = {d.notification_id for d in deliveries if d.notification_id is not None}
    told_late(_untold(deliveries), now=now)
    away = put_off_by_reader(now=now).filter(notification=OuterRef("pk"))
    Notification.objects.filter(
        ~Exists(away), pk__in=alone | taken_along, status__in=_UNTOLD
    ).update(status=Notification.Status.DELIVERED, delivered_at=now)


def _untold(deliveries: Sequence[Delivery]) -> list[Notification]:
    """What they carry and nobody was told: another of its channels may have been first."""
    known = [d.notification for d in deliveries if d.notification is not None]
    maybe = {row.pk for row in known if row.status in _UNTOLD}
    if not maybe:
        return []
    rows = Notification.objects.filter(pk__in=maybe, status__in=_UNTOLD).order_by("pk")
    return list(rows.only("business_id", "user_id", "due_at").select_for_update())


def moot_of(deliveries: Sequence[Delivery], *, now: datetime) -> dict[int, MootReason]:
    """Delivery → why it need not be made any more.

    What has just entered the inbox is sent on: only what has not been told at all, or waited since
    then for its channel, is asked whether it is still true.
    """
    waited = [d for d in deliveries if _waited(d, now)]
    reasons = moot_among({d.notification_id for d in waited if d.notification_id}, now=now)
    moot = {d.pk: reasons[d.notification_id] for d in waited if d.notification_id in reasons}
    lapsed = {d.pk: MootReason.EXPIRED for d in deliveries if d.subject.expires_at <= now}
    return lapsed | moot


def _waited(delivery: Delivery, now: datetime) -> bool:
    row = delivery.notification
    if row is None or row.status in _UNTOLD or row.delivered_at is None:
        return row is not None
    grace = timedelta(seconds=settings.SEEN_GRACE_SECONDS)
    return not delivery.attempt_count and now - row.delivered_at > grace


def set_aside(
    deliveries: Sequence[Delivery], moot: Mapping[int, MootReason], *, now: datetime
) -> None:
    """What was never told waits, expired, for the line that counts it."""
    untold = _untold(deliveries)
    never_told(untold, now=now)
    for reason in sorted(set(moot.values())):
        those = [d for d in deliveries if moot[d.pk] is reason]
        Delivery.objects.filter(pk__in=[d.pk for d in those]).update(
            state=Delivery.State.EXPIRED, reason=reason, finished_at=now, token=None
        )
        Notification.objects.filter(
            pk__in=[d.notification_id for d in those], status__in=_UNTOLD
        ).update(
            status=Notification.Status.EXPIRED,
            moot_reason=reason,
            awaits_digest=True,
            awaits_channels=_OF_THE_LINE,
            digest_slot=None,
            due_at=now,
        )
    add_rounds((row.business_id, row.user_id, now) for row in untold)
