"""The whole way of one fact, for operators: from the door to every recipient's last attempt."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from apps.classification.models import Classification
from apps.ingestion.models import Event, RawEvent
from apps.notifications.engines.redundancy import REPEATS
from apps.notifications.models import Decision, Delivery, Notification


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`decisions` are in the order made, each with `user`, `notification` and its deliveries."""

    event: Event
    decisions: tuple[Decision, ...]

    @property
    def verdict(self) -> Classification | None:
        return getattr(self.event, "classification", None)


def way_of(key: UUID | int, *, email: str = "") -> Way | None:
    """By the event's public id, or by its number in the console; `email` "" means everybody.

    Three queries and one for attempts, whatever the number of recipients. Reads across tenants.
    """
    event = (
        Event.objects.filter(**_named(key))
        .select_related("raw_event", "source", "user", "classification", "duplicate_of")
        .defer("content", "raw_event__body", "duplicate_of__content", "duplicate_of__details")
        .first()
    )
    if event is None:
        return None
    deliveries = Delivery.objects.order_by("id").prefetch_related("attempts")
    decisions = (
        Decision.objects.filter(event=event)
        .select_related("user", "notification")
        .defer("notification__body")
        .prefetch_related(Prefetch("notification__deliveries", queryset=deliveries))
        .order_by("id")
    )
    if email:
        decisions = decisions.filter(user__email=email)
    return Way(event=event, decisions=tuple(decisions))


def repeated_in(decisions: Iterable[Decision]) -> dict[str, Notification]:
    """What these decisions call a repeat of something, by its public id. One query, or none."""
    pairs = [
        (UUID(step["inputs"][REPEATS]), decision.user_id)
        for decision in decisions
        for step in decision.trace
        if REPEATS in step.get("inputs", {})
    ]
    if not pairs:
        return {}
    rows = Notification.objects.filter(
        public_id__in=[public_id for public_id, _ in pairs], user_id__in={user for _, user in pairs}
    ).defer("body")
    return {str(row.public_id): row for row in rows}


def waiting_body(key: UUID) -> RawEvent | None:
    """What was accepted under this id and is no event (yet)."""
    rows = RawEvent.objects.filter(correlation_id=key, events=None).select_related("source")
    return rows.defer("body").first()


def notification_of(decision: Decision) -> Notification | None:
    return getattr(decision, "notification", None)


def _named(key: UUID | int) -> dict[str, UUID | int]:
    return {"public_id": key} if isinstance(key, UUID) else {"pk": key}
