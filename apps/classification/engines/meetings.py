"""Calendar facts against the clock: starting, called off, over."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from apps.classification.engines.findings import Finding, JudgeContext
from apps.classification.types import Category
from apps.ingestion.types import Fact

# Telling somebody that a meeting starts stays useful this long after it has started.
GRACE: Final = timedelta(minutes=10)
# A meeting called off matters at once when it would have been within this time.
SOON: Final = timedelta(hours=24)

_GONE: Final = frozenset({"cancelled", "canceled", "deleted"})


def judge_meeting(fact: Fact, context: JudgeContext, *, now: datetime) -> Finding | None:
    """None for a meeting that is neither near, nor called off, nor over."""
    end = meeting_end(fact)
    if end is not None and end <= now:
        return _finding("meeting_over", 2, 0.1, "The meeting is already over.", expires_at=end)
    if _is_gone(fact):
        return _called_off(fact, end, now=now)
    if fact.attributes.get("all_day") is True:
        return None
    return _starting(fact, timedelta(minutes=context.proximity_minutes), now=now)


def meeting_end(fact: Fact) -> datetime | None:
    """When nothing about this meeting is worth telling any more; None without any time."""
    if fact.ends_at is not None:
        return fact.ends_at
    return fact.starts_at + GRACE if fact.starts_at is not None else None


def _starting(fact: Fact, proximity: timedelta, *, now: datetime) -> Finding | None:
    announced = _is_announced(fact)
    if fact.starts_at is None:
        reason = "A meeting is about to start."
        return _finding("meeting_starts", 8, 0.9, reason) if announced else None
    if not (announced or fact.starts_at <= now + proximity):
        return None
    pointless_at = min(fact.starts_at + GRACE, meeting_end(fact) or fact.starts_at + GRACE)
    if pointless_at <= now:
        if not announced:
            return None
        reason = "The meeting has already begun."
        return _finding("meeting_begun", 3, 0.3, reason, expires_at=pointless_at)
    reason = _starts_in(fact.starts_at - now)
    return _finding("meeting_starts", 8, 0.9, reason, expires_at=pointless_at)


def _called_off(fact: Fact, end: datetime | None, *, now: datetime) -> Finding:
    if fact.starts_at is not None and fact.starts_at <= now + SOON:
        reason = "A meeting of the next 24 hours was called off."
        return _finding("meeting_called_off", 7, 0.8, reason, detail="soon", expires_at=end)
    return _finding("meeting_called_off", 5, 0.5, "A meeting was called off.", expires_at=end)


def _is_gone(fact: Fact) -> bool:
    return not _GONE.isdisjoint(
        str(fact.attributes.get(name, "")).casefold() for name in ("change", "status")
    )


def _is_announced(fact: Fact) -> bool:
    """Whether the calendar itself sent this because the meeting starts soon."""
    return (
        fact.attributes.get("change") == "starting_soon"
        or "STARTING_SOON" in fact.event_type.upper()
    )


def _starts_in(left: timedelta) -> str:
    minutes = ceil(left / timedelta(minutes=1))
    if minutes <= 0:
        return "A meeting starts now."
    return f"A meeting starts in {minutes} minute{'s' if minutes > 1 else ''}."


def _finding(
    code: str,
    priority: int,
    relevance: float,
    reason: str,
    *,
    detail: str = "",
    expires_at: datetime | None = None,
) -> Finding:
    return Finding(
        code=code,
        priority=priority,
        category=Category.MEETING,
        relevance=relevance,
        confidence=0.95,
        reason=reason,
        detail=detail,
        expires_at=expires_at,
    )
