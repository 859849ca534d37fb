"""A tried verdict as lines for people, and as a document for programs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.classification.engines.meanings import detail_of, meaning
from apps.classification.engines.verdicts import needs_model
from apps.classification.services.trying import Tried
from apps.classification.types import Signal


def lines_of(tried: Tried) -> Iterator[str]:
    verdict = tried.verdict
    yield f"{verdict.urgency.label} (priority {verdict.priority} of 10), {verdict.category.label}"
    yield f"  Why:        {verdict.reason}"
    yield f"  Method:     {verdict.method.value}{_unsure(tried)}"
    yield f"  Confidence: {verdict.confidence:g}"
    yield f"  Relevance:  {verdict.relevance:g}, sentiment {verdict.sentiment:+g}"
    if verdict.action_required:
        yield f"  Action:     {verdict.suggested_action or 'it asks for some'}"
    if verdict.code is not None:
        yield f"  Code:       {verdict.code.value}, {_lifetime(verdict.code.expires_at, tried.at)}"
    if tried.title is not None:
        yield f"  Level:      {_level(tried)} (title rules {tried.rules_version})"
    for signal in verdict.signals:
        yield f"  Signal:     {signal.code}: {_said(signal)}"


def document_of(tried: Tried) -> dict[str, Any]:
    """`lifetime_seconds` counts from `judged_at`."""
    verdict = tried.verdict
    document: dict[str, Any] = {
        "judged_at": tried.at.isoformat(),
        "priority": verdict.priority,
        "urgency": verdict.urgency.value,
        "category": verdict.category.value,
        "method": verdict.method.value,
        "confidence": verdict.confidence,
        "needs_model": needs_model(verdict),
        "relevance": verdict.relevance,
        "sentiment": verdict.sentiment,
        "risk": verdict.risk.value,
        "action_required": verdict.action_required,
        "reason": verdict.reason,
        "code": _code(tried),
        "signals": [
            {"code": signal.code, "detail": signal.detail, "meaning": meaning(signal.code)}
            for signal in verdict.signals
        ],
    }
    if tried.title is not None:
        document["level"] = tried.title.level.value or None
        document["matched"] = tried.title.matched
        document["excluded_by"] = tried.title.excluded_by
        document["rules_version"] = tried.rules_version
    return document


def _code(tried: Tried) -> dict[str, Any] | None:
    code = tried.verdict.code
    if code is None:
        return None
    return {
        "value": code.value,
        "expires_at": code.expires_at.isoformat(),
        "lifetime_seconds": int((code.expires_at - tried.at).total_seconds()),
    }


def _unsure(tried: Tried) -> str:
    return ", unsure enough to ask a model" if needs_model(tried.verdict) else ""


def _lifetime(expires_at: datetime, at: datetime) -> str:
    seconds = int((expires_at - at).total_seconds())
    if seconds % 60:
        return f"lives {seconds} s"
    return f"lives {seconds // 60} min"


def _level(tried: Tried) -> str:
    assert tried.title is not None  # noqa: S101  # only asked for titles
    found = tried.title
    if found.excluded_by:
        return f"none: “{found.matched}” is excluded by “{found.excluded_by}”"
    return f"{found.level.label}, by “{found.matched}”" if found.level else "none"


def _said(signal: Signal) -> str:
    detail = detail_of(signal.code, signal.detail)
    return meaning(signal.code) + (f" ({detail})" if detail else "")
