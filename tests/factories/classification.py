from datetime import date, datetime
from typing import Any

from apps.accounts.models import Business, User
from apps.classification.engines.facts import fact_to_json
from apps.classification.engines.seniority import SeniorityChange
from apps.classification.models import (
    Classification,
    Detection,
    GoldenCase,
    Insight,
    ModelCall,
    ModelSpend,
    PromptVersion,
    SeniorityState,
    ShadowTitle,
)
from apps.classification.services.golden import fact_of
from apps.classification.types import Category, Level, Method, RiskLevel, Urgency
from apps.core.identifiers import uuid7
from apps.ingestion.models import Event, Source
from apps.rules.models import SeniorityRuleSet
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


def make_insight(
    *,
    event: Event,
    state: Insight.State = Insight.State.DONE,
    text: str = "The contract ends in June.",
    **values: Any,
) -> Insight:
    """Written by a model, unless `state` says otherwise; then there is no text."""
    if state == Insight.State.DONE:
        values.setdefault("recommended_actions", ["Sign it."])
        values.setdefault("urgency_assessment", "It can wait until Friday.")
        values |= {"detailed_insight": text, "model": "mock", "prompt_version": "insights-1"}
        values.setdefault("finished_at", NOON)
    return Insight.objects.create(
        event=event, correlation_id=event.correlation_id, state=state, **values
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


def make_shadow_title(
    *, event: Event, rule_set: SeniorityRuleSet, level: Level = Level.VP, **values: Any
) -> ShadowTitle:
    """Somebody whom the active rules did not call senior."""
    values.setdefault("live_change", SeniorityChange.NOT_SENIOR)
    values.setdefault("change", SeniorityChange.FIRST)
    return ShadowTitle.objects.create(event=event, rule_set=rule_set, level=level, **values)


def make_golden_case(
    *,
    event: Event,
    author: User,
    expected_urgency: str = "",
    expected_category: str = Category.MESSAGE,
    **values: Any,
) -> GoldenCase:
    """Of a verdict that was called wrong by its recipient."""
    values.setdefault("origin", GoldenCase.Origin.USER)
    values.setdefault("judged_at", event.received_at)
    return GoldenCase.objects.create(
        business=event.business,
        event=event,
        owner=event.user,
        author=author,
        kind=event.kind,
        fact=fact_to_json(fact_of(event)),
        expected_urgency=expected_urgency,
        expected_category=expected_category,
        **values,
    )


def make_model_call(*, business: Business, **values: Any) -> ModelCall:
    values.setdefault("correlation_id", uuid7())
    values.setdefault("outcome", "answered")
    return ModelCall.objects.create(business=business, provider="mock", latency_ms=7, **values)


def make_model_spend(*, business: Business) -> ModelSpend:
    return ModelSpend.objects.create(business=business, month=date(2026, 3, 1), calls=1)


def make_prompt(*, system: str = "Judge sternly.", **values: Any) -> PromptVersion:
    return PromptVersion.objects.create(version=number(), system=system, **values)
