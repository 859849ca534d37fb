from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.engines.circuit import (
    BreakerState,
    CircuitState,
    Outcome,
    Permission,
    allow,
    record,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def recorded(*outcomes: Outcome, start: BreakerState | None = None) -> BreakerState:
    """The outcomes one after the other, all at NOW, without jitter."""
    return reduce(
        lambda state, outcome: record(state, outcome, NOW, jitter=0.0),
        outcomes,
        start or BreakerState(),
    )


def opened(jitter: float = 0.0) -> BreakerState:
    nine = recorded(*[Outcome.TIMEOUT] * 9)
    return record(nine, Outcome.TIMEOUT, NOW, jitter=jitter)


def probing() -> BreakerState:
    return allow(opened(), after(30)).state


@pytest.mark.parametrize("failure", [Outcome.TIMEOUT, Outcome.CONNECT, Outcome.SERVER_ERROR])
def test_ten_failures_open_the_circuit(failure: Outcome) -> None:
    assert recorded(*[failure] * 9).state == CircuitState.CLOSED
    assert recorded(*[failure] * 10).state == CircuitState.OPEN


def test_half_of_the_requests_failing_opens_it() -> None:
    mixed = [Outcome.SUCCESS] * 10 + [Outcome.TIMEOUT] * 9
    assert recorded(*mixed).state == CircuitState.CLOSED
    assert recorded(*mixed, Outcome.TIMEOUT).state == CircuitState.OPEN


@pytest.mark.parametrize("refusal", [Outcome.CLIENT_ERROR, Outcome.THROTTLED])
def test_refusals_do_not_count_at_all(refusal: Outcome) -> None:
    assert recorded(*[refusal] * 100) == BreakerState()


def test_failures_older_than_the_window_are_forgotten() -> None:
    nine = recorded(*[Outcome.TIMEOUT] * 9)
    assert record(nine, Outcome.TIMEOUT, after(59), jitter=0.0).state == CircuitState.OPEN
    assert record(nine, Outcome.TIMEOUT, after(60), jitter=0.0).state == CircuitState.CLOSED


def test_the_window_keeps_a_minute_of_buckets() -> None:
    state = reduce(
        lambda state, second: record(state, Outcome.SUCCESS, after(second), jitter=0.0),
        range(300),
        BreakerState(),
    )
    assert [bucket.requests for bucket in state.window] == [10] * 6


def test_a_clock_that_steps_back_loses_nothing() -> None:
    later = record(BreakerState(), Outcome.SUCCESS, after(20), jitter=0.0)
    back = record(later, Outcome.TIMEOUT, NOW, jitter=0.0)
    assert [(bucket.requests, bucket.failures) for bucket in back.window] == [(2, 1)]


def test_many_successes_can_be_counted_at_once() -> None:
    counted = record(BreakerState(), Outcome.SUCCESS, NOW, jitter=0.0, times=11)
    assert recorded(*[Outcome.TIMEOUT] * 10, start=counted).state == CircuitState.CLOSED


@pytest.mark.parametrize(("jitter", "seconds"), [(-1.0, 24.0), (0.0, 30.0), (1.0, 36.0)])
def test_it_stays_open_half_a_minute_give_or_take(jitter: float, seconds: float) -> None:
    assert opened(jitter).open_until == after(seconds)


def test_an_open_circuit_refuses_and_says_for_how_long() -> None:
    state = opened()
    assert allow(state, after(20)) == Permission(granted=False, state=state, retry_after=10.0)


def test_what_ends_late_does_not_prolong_the_opening() -> None:
    state = opened()
    assert record(state, Outcome.TIMEOUT, after(5), jitter=0.0) == state
    assert record(state, Outcome.SUCCESS, after(5), jitter=0.0) == state


def test_after_the_pause_one_probe_is_granted_under_a_lease() -> None:
    first = allow(opened(), after(30))
    assert (first.granted, first.is_probe) == (True, True)
    second = allow(first.state, after(31))
    assert (second.granted, second.retry_after) == (False, 29.0)


def test_a_dead_prober_is_replaced_when_its_lease_ends() -> None:
    replacement = allow(probing(), after(60))
    assert (replacement.granted, replacement.is_probe) == (True, True)
    assert replacement.state.probe_until == after(90)


@pytest.mark.parametrize("answer", [Outcome.SUCCESS, Outcome.CLIENT_ERROR, Outcome.THROTTLED])
def test_an_answered_probe_closes_the_circuit(answer: Outcome) -> None:
    assert record(probing(), answer, after(31), jitter=0.0, is_probe=True) == BreakerState()


def test_a_result_that_is_not_the_probes_changes_nothing() -> None:
    state = probing()
    assert record(state, Outcome.SUCCESS, after(31), jitter=0.0) == state


def test_each_failed_probe_doubles_the_pause_up_to_ten_minutes() -> None:
    state = opened()
    pauses = []
    for _ in range(6):
        asked = state.open_until
        assert asked is not None
        probe = allow(state, asked)
        state = record(probe.state, Outcome.TIMEOUT, asked, jitter=1.0, is_probe=True)
        assert state.open_until is not None
        pauses.append((state.open_until - asked).total_seconds())
    assert pauses == [72.0, 144.0, 288.0, 576.0, 600.0, 600.0]


@given(
    st.lists(st.tuples(st.sampled_from(Outcome), st.floats(0, 400), st.booleans()), max_size=60),
    st.floats(-1, 1),
)
def test_whatever_happens_nobody_waits_longer_than_ten_minutes(
    steps: list[tuple[Outcome, float, bool]], jitter: float
) -> None:
    state, now = BreakerState(), NOW
    for outcome, pause, is_probe in steps:
        now += timedelta(seconds=pause)
        state = record(allow(state, now).state, outcome, now, jitter=jitter, is_probe=is_probe)
        assert 0.0 <= allow(state, now).retry_after <= 600.0
        assert allow(state, now + timedelta(seconds=601)).granted
