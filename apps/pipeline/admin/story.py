"""One event's whole way, gathered for its page: one query for each stage."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.audit.models import AuditEvent
from apps.classification.models import Classification, Insight
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.notifications.admin.telling import shown_title
from apps.notifications.engines.explaining import asked_with, explain_step, otherwise, step_alone
from apps.notifications.engines.masking import HIDDEN_CODE
from apps.notifications.models import Decision, Delivery, Notification
from apps.notifications.selectors import deliveries_of, with_deliveries
from apps.notifications.selectors.recorded import recorded
from apps.notifications.types import Step

TRAIL_AT_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """`small_print` is what the question was asked with."""

    passed: bool
    sentence: str
    small_print: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    decision: Decision
    steps: tuple[StepLine, ...]
    otherwise: tuple[str, ...]
    step_alone: tuple[str, ...]
    notification: Notification | None
    told_as: str
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    event: Event
    title: str
    fields: tuple[tuple[str, Any], ...]
    verdict: Classification | None
    insight: Insight | None
    recipients: tuple[Recipient, ...]
    trail: tuple[AuditEvent, ...]


def tell(event: Event) -> Story:
    """Twelve queries at most, whatever the event's age and number of recipients."""
    decisions = (
        Decision.objects.filter(event=event)
        .order_by("id")
        .select_related("user", "notification")
        .prefetch_related(*with_deliveries("notification__"))
    )
    trail = AuditEvent.objects.filter(correlation_id=event.correlation_id).select_related("actor")
    verdict = Classification.objects.filter(event=event).first()
    title = title_of(event, verdict or _first_verdict(event))
    return Story(
        event=event,
        title=title,
        fields=tuple(_fields(event, title)),
        verdict=verdict,
        insight=Insight.objects.filter(event=event).first(),
        recipients=tuple(_recipient(decision) for decision in decisions),
        trail=tuple(trail.order_by("id")[:TRAIL_AT_MOST]),
    )


def title_of(event: Event, verdict: Classification | None) -> str:
    """What an operator may read of it: a code may stand in a mail's subject.

    `verdict` is that of the event it repeats where nobody judged it again.
    """
    is_code = verdict is not None and verdict.category == Category.SECURITY_CODE
    return HIDDEN_CODE if is_code else event.title


def _first_verdict(event: Event) -> Classification | None:
    return Classification.objects.filter(event=event.duplicate_of_id).first()


def _fields(event: Event, title: str) -> Iterable[tuple[str, Any]]:
    """What the fact says of itself, without its content. Empty members are left out."""
    change = event.details.get("change") or {}
    rows = (
        ("Title", title),
        ("From", " ".join(filter(None, (event.sender_name, _bracketed(event.sender_address))))),
        ("To", ", ".join(event.details.get("recipients") or [])),
        ("Field", change.get("field_name")),
        ("Person", change.get("person_name")),
        ("New value", change.get("value")),
        ("Client", event.client),
        ("Begins", event.starts_at),
        ("Ends", event.ends_at),
        ("Happened", event.occurred_at),
        ("Hidden in it", ", ".join(event.details.get("hidden") or [])),
        ("Id at its source", event.external_id),
    )
    return ((name, value) for name, value in rows if value)


def _bracketed(address: str) -> str:
    return f"<{address}>" if address else ""


def _recipient(decision: Decision) -> Recipient:
    notification = getattr(decision, "notification", None)
    value = recorded(decision)
    return Recipient(
        decision=decision,
        steps=tuple(_line(step) for step in value.steps),
        otherwise=otherwise(value),
        step_alone=step_alone(value),
        notification=notification,
        told_as=shown_title(notification) if notification else "",
        deliveries=tuple(deliveries_of(notification)) if notification else (),
    )


def _line(step: Step) -> StepLine:
    return StepLine(passed=step.passed, sentence=explain_step(step), small_print=asked_with(step))
