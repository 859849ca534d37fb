"""When to stop asking a service that fails, and how to find out that it recovered. Pure.

closed ──(≥ 10 answers in 60 s, half of them failures)──► open ──(30 s × 2^k, at most 10 min)──►
half-open: one probe under a lease ──► closed when it is answered, open again when it fails; when
the prober dies, its lease ends and the next caller probes.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

MIN_REQUESTS = 10
FAILURE_SHARE = 0.5
BUCKET_SECONDS = 10
WINDOW_BUCKETS = 6
OPEN_SECONDS = 30.0
MAX_OPEN_SECONDS = 600.0
JITTER_SHARE = 0.2
# Longer than any send may take, so that a living prober always reports in time.
PROBE_LEASE_SECONDS = 30.0


class CircuitState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Outcome(StrEnum):
    """How a request ended. A refusal (4xx, 429) says nothing about the service's health."""

    SUCCESS = "success"
    TIMEOUT = "timeout"
    CONNECT = "connect"
    SERVER_ERROR = "5xx"
    CLIENT_ERROR = "4xx"
    THROTTLED = "429"

    @property
    def is_failure(self) -> bool:
        return self in (Outcome.TIMEOUT, Outcome.CONNECT, Outcome.SERVER_ERROR)

    @property
    def counts(self) -> bool:
        return self is Outcome.SUCCESS or self.is_failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Ten seconds of the window; `slot` is their Unix time divided by ten."""

    slot: int
    requests: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerState:
    """`opened_count` counts the openings since the service was last well."""

    state: CircuitState = CircuitState.CLOSED
    window: tuple[Bucket, ...] = ()
    opened_count: int = 0
    open_until: datetime | None = None
    probe_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """`state` is what holds once the permission is used; `retry_after` is in seconds."""

    granted: bool
    state: BreakerState
    is_probe: bool = False
    retry_after: float = 0.0


def allow(state: BreakerState, now: datetime) -> Permission:
    """Whether a request may be made at `now`. A granted probe must be stored before it is made."""
    if state.state == CircuitState.CLOSED:
        return Permission(granted=True, state=state)
    is_open = state.state == CircuitState.OPEN
    blocked_until = state.open_until if is_open else state.probe_until
    if blocked_until is not None and now < blocked_until:
        seconds = (blocked_until - now).total_seconds()
        return Permission(granted=False, state=state, retry_after=seconds)
    probing = replace(
        state,
        state=CircuitState.HALF_OPEN,
        open_until=None,
        probe_until=now + timedelta(seconds=PROBE_LEASE_SECONDS),
    )
    return Permission(granted=True, is_probe=True, state=probing)


def record(
    state: BreakerState,
    outcome: Outcome,
    now: datetime,
    *,
    jitter: float,
    is_probe: bool = False,
    times: int = 1,
) -> BreakerState:
    """The state after `times` requests ended in `outcome`. `jitter` in [-1, 1]: ±20 % of openness.

    Only its probe moves a half-open circuit: what ends late, once the circuit has opened, was begun
    before and tells nothing new.
    """
    if state.state == CircuitState.CLOSED:
        return _record_closed(state, outcome, now, jitter, times)
    if state.state == CircuitState.HALF_OPEN and is_probe:
        return _opened(state, now, jitter) if outcome.is_failure else BreakerState()
    return state


def _record_closed(
    state: BreakerState, outcome: Outcome, now: datetime, jitter: float, times: int
) -> BreakerState:
    if not outcome.counts or times == 0:
        return state
    window = _counted(state.window, outcome, now, times)
    counted = replace(state, window=window)
    requests = sum(bucket.requests for bucket in window)
    failures = sum(bucket.failures for bucket in window)
    if requests >= MIN_REQUESTS and failures >= FAILURE_SHARE * requests and outcome.is_failure:
        return _opened(counted, now, jitter)
    return counted


def _counted(
    window: tuple[Bucket, ...], outcome: Outcome, now: datetime, times: int
) -> tuple[Bucket, ...]:
    slot = int(now.timestamp()) // BUCKET_SECONDS
    recent = [bucket for bucket in window if slot - WINDOW_BUCKETS < bucket.slot < slot]
    current = [bucket for bucket in window if bucket.slot >= slot]
    requests = times + sum(bucket.requests for bucket in current)
    failures = times * outcome.is_failure + sum(bucket.failures for bucket in current)
    return (*recent, Bucket(slot=slot, requests=requests, failures=failures))


def _opened(state: BreakerState, now: datetime, jitter: float) -> BreakerState:
    doubled = OPEN_SECONDS * 2 ** min(state.opened_count, 10)
    seconds = min(doubled * (1 + JITTER_SHARE * jitter), MAX_OPEN_SECONDS)
    return BreakerState(
        state=CircuitState.OPEN,
        opened_count=state.opened_count + 1,
        open_until=now + timedelta(seconds=seconds),
    )
