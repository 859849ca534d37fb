"""Writing verdicts, detections and who is senior now, set-based, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q

from apps.classification.engines.seniority import SeniorityChange
from apps.classification.models import (
    Classification,
    Detection,
    Insight,
    SeniorityState,
    ShadowTitle,
)
from apps.classification.services.classifying import Judged
from apps.classification.types import Category, Verdict
from apps.core.bulk import copy_rows

_COLUMNS = (
    "event",
    "correlation_id",
    "priority",
    "urgency",
    "category",
    "action_required",
    "relevance",
    "sentiment",
    "risk",
    "confidence",
    "method",
    "reason",
    "suggested_action",
    "signals",
    "vip",
    "code",
    "expires_at",
    "rules_version",
)

# The changes of which somebody is told.
DETECTED: Final = (SeniorityChange.FIRST, SeniorityChange.PROMOTION)
_SHADOW_COLUMNS = ("event", "rule_set", "live_level", "level", "live_change", "change")


def store_verdicts(judged: Sequence[Judged]) -> None:
    copy_rows(Classification, _COLUMNS, (_row(item) for item in judged))


def _row(item: Judged) -> tuple[object, ...]:
    verdict = item.verdict
    return (
        item.draft.event_id,
        item.draft.raw.correlation_id,
        verdict.priority,
        verdict.urgency.value,
        verdict.category.value,
        verdict.action_required,
        verdict.relevance,
        verdict.sentiment,
        verdict.risk.value,
        verdict.confidence,
        verdict.method.value,
        verdict.reason[:300],
        verdict.suggested_action[:300],
        [asdict(signal) for signal in verdict.signals],
        verdict.vip,
        verdict.code.value if verdict.code else None,
        verdict.expires_at,
        item.rules_version,
    )


def store_insights(judged: Sequence[Judged]) -> bool:
    """Queue every event that a model shall explain; True when there are any."""
    if not settings.CLASSIFIER_PROVIDER:
        return False
    rows = [
        (item.draft.event_id, item.draft.raw.correlation_id)
        for item in judged
        if _is_worth_an_insight(item.verdict)
    ]
    if rows:
        copy_rows(Insight, ("event", "correlation_id"), rows)
    return bool(rows)


def _is_worth_an_insight(verdict: Verdict) -> bool:
    """A one-time code is gone before anybody could explain it, and leaves for no vendor."""
    is_code = verdict.code is not None or verdict.category is Category.SECURITY_CODE
    return verdict.relevance >= settings.INSIGHT_RELEVANCE and not is_code


def store_seniority(judged: Sequence[Judged], *, now: datetime) -> None:
    """Detections for first sightings and promotions; only the senior keep a row (seed 004)."""
    titled = [item for item in judged if item.change is not None]
    if not titled:
        return
    Detection.objects.bulk_create(_detection(item, now) for item in titled if _detected(item))
    latest = {_person(item): item for item in titled}
    SeniorityState.objects.bulk_create(
        (_state(item, now) for item in latest.values() if item.level),
        update_conflicts=True,
        unique_fields=["source", "person_id"],
        update_fields=["person_name", "title", "level", "as_of"],
    )
    gone = Q()
    for (source_id, person_id), item in latest.items():
        if not item.level:
            gone |= Q(source_id=source_id, person_id=person_id)
    if gone:
        SeniorityState.objects.filter(gone).delete()


def store_shadows(judged: Sequence[Judged]) -> None:
    """What title rules in shadow would have said beside what was said; read by nobody's drain."""
    rows = [
        (
            item.draft.event_id,
            item.shadow.rule_set_id,
            item.level.value,
            item.shadow.level.value,
            item.change.value,
            item.shadow.change.value,
        )
        for item in judged
        if item.shadow is not None and item.change is not None
    ]
    if rows:
        copy_rows(ShadowTitle, _SHADOW_COLUMNS, rows)


def _detected(item: Judged) -> bool:
    return item.change in DETECTED


def _person(item: Judged) -> tuple[int, str]:
    assert item.draft.fact.change is not None  # noqa: S101  # only titles get here
    return item.draft.raw.source_id, item.draft.fact.change.person_id


def _detection(item: Judged, now: datetime) -> Detection:
    change = item.draft.fact.change
    assert change is not None and item.change is not None  # noqa: S101, PT018  # only titles
    return Detection(
        business_id=item.draft.raw.business_id,
        event_id=item.draft.event_id,
        correlation_id=item.draft.raw.correlation_id,
        person_id=change.person_id,
        person_name=change.person_name,
        title=change.value,
        level=item.level,
        previous_level=item.previous_level,
        change=item.change.value,
        detected_at=now,
    )


def _state(item: Judged, now: datetime) -> SeniorityState:
    change = item.draft.fact.change
    assert change is not None  # noqa: S101  # only titles get here
    return SeniorityState(
        source_id=item.draft.raw.source_id,
        person_id=change.person_id,
        person_name=change.person_name,
        title=change.value,
        level=item.level,
        as_of=now,
    )
