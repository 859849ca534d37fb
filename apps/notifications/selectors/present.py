"""What holds now for the people of deliveries that are due."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import QuerySet

from apps.notifications.engines.present import Ring
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Delivery
from apps.notifications.selectors.effective import preferences_of
from apps.notifications.selectors.subjects import judged
from apps.notifications.types import POSTPONED, Needs
from apps.rules import selectors as rules


def rings_of(
    deliveries: Sequence[Delivery], *, local: Collection[str], needs: Needs, now: datetime
) -> dict[int, Ring]:
    """Delivery → what the preflight asks of it. As many queries for one as for all of them.

    `local` channels ring nowhere.
    """
    if not deliveries:
        return {}
    pairs = {(d.subject.business_id, d.subject.user_id) for d in deliveries}
    preferences = preferences_of(pairs, needs=needs)
    silences = rules.silences({b for b, _ in pairs}, {user for _, user in pairs}, now=now)
    put_off = _put_off(deliveries, now)
    known = judged({d.notification.event_id for d in deliveries if d.notification})
    found = {}
    for delivery in deliveries:
        subject = delivery.subject
        pair = subject.business_id, subject.user_id
        one = known.get(delivery.notification.event_id) if delivery.notification else None
        found[delivery.pk] = Ring(
            channel=delivery.channel,
            local=delivery.channel in local,
            priority=delivery.notification.priority if delivery.notification else None,
            category=delivery.notification.category if delivery.notification else "",
            released=one is not None and one.verdict.overrides_quiet_hours,
            preference=preferences[pair],
            silenced=bool(silences and one and silences.silence_for(*pair, one.subject)),
            snoozed_until=silences.snoozed_until(*pair) if silences else None,
            put_off_until=put_off.get(delivery.notification_id),
        )
    return found


def put_off_by_reader(*, now: datetime) -> QuerySet[Delivery]:
    """The inbox's deliveries of what its reader snoozed by itself, as long as it is away."""
    return Delivery.objects.filter(
        channel=INBOX, state=Delivery.State.PENDING, reason=POSTPONED, due_at__gt=now
    )


def _put_off(deliveries: Collection[Delivery], now: datetime) -> dict[int | None, datetime]:
    """Notification → until when it is away."""
    ids = {d.notification_id for d in deliveries if d.notification_id}
    rows = put_off_by_reader(now=now).filter(notification_id__in=ids)
    return dict(rows.values_list("notification_id", "due_at"))
