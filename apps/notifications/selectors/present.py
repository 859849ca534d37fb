"""What holds now for the people of deliveries that are due."""

from collections.abc import Collection, Sequence
from datetime import datetime

from apps.classification.services.recorded import verdict_of
from apps.classification.types import Verdict
from apps.ingestion.models import Event
from apps.notifications.engines.present import Ring
from apps.notifications.models import Delivery
from apps.notifications.selectors.effective import preferences_of
from apps.notifications.selectors.senders import subject_of
from apps.notifications.types import Needs
from apps.rules import selectors as rules

_UNREAD = ("title", "content", "sender_name")


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
    events = _events({d.notification.event_id for d in deliveries if d.notification})
    found = {}
    for delivery in deliveries:
        subject = delivery.subject
        pair = subject.business_id, subject.user_id
        event = events.get(delivery.notification.event_id) if delivery.notification else None
        verdict = _verdict(event)
        about = subject_of(event, verdict) if silences and event and verdict else None
        found[delivery.pk] = Ring(
            channel=delivery.channel,
            local=delivery.channel in local,
            priority=delivery.notification.priority if delivery.notification else None,
            released=verdict is not None and verdict.overrides_quiet_hours,
            preference=preferences[pair],
            silenced=about is not None and silences.silence_for(*pair, about) is not None,
            snoozed_until=silences.snoozed_until(*pair) if silences else None,
        )
    return found


def _events(event_ids: set[int]) -> dict[int, Event]:
    rows = Event.objects.filter(pk__any_of=event_ids).select_related("classification")
    return {row.pk: row for row in rows.defer(*_UNREAD)}


def _verdict(event: Event | None) -> Verdict | None:
    row = getattr(event, "classification", None)
    return verdict_of(row) if row else None
