"""Values for the noise filter's tests: ordinary by default, one thing changed at a time."""

from datetime import UTC, datetime, time
from typing import Any

from apps.classification.types import Category, Method, SecurityCode, Verdict
from apps.notifications.types import (
    Decision,
    FilterContext,
    PreferenceValues,
    QuietHoursPolicy,
    Step,
)

# A Monday; Berlin's clock shows 13:10.
NOON = datetime(2026, 1, 12, 12, 10, tzinfo=UTC)
FINGERPRINT = 0x0F0F_1234_5678_0F0F


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def a_verdict(**changes: Any) -> Verdict:
    ordinary: dict[str, Any] = {
        "priority": 5,
        "category": Category.MESSAGE,
        "relevance": 0.8,
        "confidence": 0.9,
        "method": Method.RULES,
        "reason": "a rule",
    }
    return Verdict(**{**ordinary, **changes})


def a_code(value: str = "482913", *, expires_at: datetime) -> Verdict:
    return a_verdict(
        priority=10,
        category=Category.SECURITY_CODE,
        code=SecurityCode(value=value, expires_at=expires_at),
        expires_at=expires_at,
        overrides_quiet_hours=True,
    )


def a_context(**changes: Any) -> FilterContext:
    """Members of FilterContext, and of its preference, by their own names."""
    names = PreferenceValues.__dataclass_fields__
    preference = {name: value for name, value in changes.items() if name in names}
    rest = {name: value for name, value in changes.items() if name not in names}
    return FilterContext(
        preference=PreferenceValues(**preference), **{"fingerprint": FINGERPRINT, **rest}
    )


def a_night(
    zone: str = "Europe/Berlin",
    start: str = "22:00",
    end: str = "07:00",
    policy: QuietHoursPolicy = QuietHoursPolicy.DEFER,
    **changes: Any,
) -> FilterContext:
    night = {
        "quiet_hours_enabled": True,
        "quiet_start": time.fromisoformat(start),
        "quiet_end": time.fromisoformat(end),
        "quiet_policy": policy,
        "time_zone": zone,
    }
    return a_context(**{**night, **changes})


def codes(decision: Decision) -> list[str]:
    return [step.code for step in decision.steps]


def last(decision: Decision) -> Step:
    return decision.steps[-1]


def step_of(decision: Decision, code: str) -> Step:
    return next(step for step in decision.steps if step.code == code)
