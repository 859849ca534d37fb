from datetime import datetime
from typing import Any

from apps.classification.models import Classification, Detection, SeniorityState
from apps.classification.types import Category, Level, Method, RiskLevel, Urgency
from apps.ingestion.models import Event, Source
from tests.factories.values import NOON, number


def make_classification(
    *, event: Event, priority: int = 5, category: Category = Category.MESSAGE, **values: Any
) -> Classification:
    """A verdict of the fast path; the urgency follows from the priority."""
    values.setdefault("relevance", 0.5)
    values.setdefault("confidence", 0.9)
    values.setdefault("method", Method.FAST_PATH)
    values.setdefault("reason", "A message from a person")
    return Classification.objects.create(
        event=event,
        correlation_id=event.correlation_id,
        priority=priority,
        urgency=Urgency.of(priority),
        category=category,
        action_required=values.pop("action_required", False),
        sentiment=values.pop("sentiment", 0.0),
        risk=values.pop("risk", RiskLevel.NONE),
        **values,
    )


def make_seniority_state(
    *,
    source: Source,
    person_id: str = "",
    level: Level = Level.VP,
    title: str = "VP Sales",
    as_of: datetime = NOON,
) -> SeniorityState:
    return SeniorityState.objects.create(
        source=source,
        person_id=person_id or f"person-{number()}",
        person_name="Dana",
        title=title,
        level=level,
        as_of=as_of,
    )


def make_detection(
    *, event: Event, level: Level = Level.VP, detected_at: datetime = NOON, **values: Any
) -> Detection:
    values.setdefault("person_id", f"person-{number()}")
    values.setdefault("person_name", "Dana")
    values.setdefault("title", "VP Sales")
    values.setdefault("change", Detection.Change.FIRST)
    return Detection.objects.create(
        business=event.business,
        event=event,
        correlation_id=event.correlation_id,
        level=level,
        detected_at=detected_at,
        **values,
    )
