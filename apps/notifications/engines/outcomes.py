"""What follows an attempt: told, again later, never, or nobody knows. Pure.

A refusal for now is tried again on the retry schedule until the message expires; one that says
nothing of the message (429, a circuit that is open) does not move it along that schedule.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from apps.core.resilience.backoff import next_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One delivery between two attempts. `failures` are those that counted so far."""

    failures: int
    expires_at: datetime
    schedule: Sequence[float]
    jitter: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`state` is a Delivery's; `due_at` is None where nothing follows."""

    state: str
    due_at: datetime | None
    failures: int

    @classmethod
    def delivered(cls, failures: int) -> Self:
        return cls(state="delivered", due_at=None, failures=failures)


class Doubt(StrEnum):
    """What to do with a delivery of which nobody knows whether it was sent."""

    SEND = "send"
    LOOK_UP = "look_up"
    HOLD = "hold"


def after_failure(
    life: Life, *, permanent: bool, counts: bool, retry_after: float | None, now: datetime
) -> Fate:
    """It was certainly not delivered."""
    failures = life.failures + counts
    if permanent:
        return Fate(state="failed", due_at=None, failures=failures)
    due_at = _next(life, failures, retry_after, now)
    state = "retry" if due_at else "dead"
    return Fate(state=state, due_at=due_at, failures=failures)


def after_doubt(life: Life, *, grace_seconds: float, now: datetime) -> Fate:
    """It may have been delivered: asked again after the channel's grace, or a retry's time."""
    failures = life.failures + 1
    due_at = _next(life, failures, grace_seconds or None, now)
    state = "unknown" if due_at else "dead"
    return Fate(state=state, due_at=due_at, failures=failures)


def in_doubt(policy: str, *, urgent: bool, asked: bool) -> Doubt:
    """`policy` is the channel's; `asked`: the provider could not say either."""
    if policy == "resend":
        return Doubt.SEND
    if policy == "reconcile" and not asked:
        return Doubt.LOOK_UP
    return Doubt.SEND if urgent else Doubt.HOLD


def _next(life: Life, failures: int, at_least: float | None, now: datetime) -> datetime | None:
    due_at = next_due(
        failures,
        now=now,
        schedule=life.schedule,
        expires_at=life.expires_at,
        jitter=life.jitter,
    )
    if due_at is None or at_least is None:
        return due_at
    later = max(due_at, now + timedelta(seconds=at_least))
    return later if later < life.expires_at else None
