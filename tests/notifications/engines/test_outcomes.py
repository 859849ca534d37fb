"""What follows an attempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.outcomes import (
    Doubt,
    Life,
    after_doubt,
    after_failure,
    in_doubt,
)
from tests.factories.values import NOON

SCHEDULE = (1.0, 5.0, 15.0, 60.0)


def life(failures: int = 0, minutes: float = 60, jitter: float = 0.0) -> Life:
    expires_at = NOON + timedelta(minutes=minutes)
    return Life(failures=failures, expires_at=expires_at, schedule=SCHEDULE, jitter=jitter)


def test_what_can_never_arrive_is_not_tried_again() -> None:
    fate = after_failure(life(), permanent=True, counts=True, retry_after=None, now=NOON)
    assert (fate.state, fate.due_at) == ("failed", None)


def test_what_would_come_after_it_expires_is_dead() -> None:
    fate = after_failure(
        life(failures=3, minutes=0.5), permanent=False, counts=True, retry_after=None, now=NOON
    )
    assert (fate.state, fate.due_at) == ("dead", None)


def test_each_failure_waits_longer_than_the_one_before() -> None:
    waits = []
    for failures in range(5):
        fate = after_failure(
            life(failures), permanent=False, counts=True, retry_after=None, now=NOON
        )
        assert fate.due_at is not None
        waits.append((fate.due_at - NOON).total_seconds())
    assert waits == [1, 5, 15, 60, 60]


def test_being_asked_to_wait_costs_no_step_of_the_schedule() -> None:
    fate = after_failure(life(1), permanent=False, counts=False, retry_after=40, now=NOON)
    assert (fate.failures, fate.due_at) == (1, NOON + timedelta(seconds=40))


def test_a_retry_after_beyond_the_end_of_the_message_is_its_end() -> None:
    fate = after_failure(life(minutes=1), permanent=False, counts=False, retry_after=61, now=NOON)
    assert fate.state == "dead"


def test_nobody_asks_before_the_grace_is_over() -> None:
    fate = after_doubt(life(), grace_seconds=90, now=NOON)
    assert (fate.state, fate.due_at) == ("unknown", NOON + timedelta(seconds=90))


def test_a_channel_that_stays_unclear_is_asked_less_and_less_often_until_the_end() -> None:
    assert after_doubt(life(3), grace_seconds=0, now=NOON).due_at == NOON + timedelta(seconds=60)
    assert after_doubt(life(3, minutes=0.5), grace_seconds=0, now=NOON).state == "dead"


@pytest.mark.parametrize(
    ("policy", "urgent", "asked", "then"),
    [
        ("resend", False, False, Doubt.SEND),
        ("reconcile", True, False, Doubt.LOOK_UP),
        ("reconcile", False, False, Doubt.LOOK_UP),
        ("reconcile", True, True, Doubt.SEND),
        ("reconcile", False, True, Doubt.HOLD),
        ("hold", True, False, Doubt.SEND),
        ("hold", False, False, Doubt.HOLD),
    ],
)
def test_where_nobody_knows_the_channels_policy_decides(
    policy: str, urgent: bool, asked: bool, then: Doubt
) -> None:
    assert in_doubt(policy, urgent=urgent, asked=asked) is then


@given(
    failures=st.integers(0, 40),
    jitter=st.floats(-1, 1),
    retry_after=st.none() | st.floats(1, 3_600),
    counts=st.booleans(),
    minutes=st.floats(0.01, 10_000),
)
def test_a_retry_is_always_later_than_now_and_before_the_end(
    failures: int, jitter: float, retry_after: float | None, counts: bool, minutes: float
) -> None:
    one = life(failures, minutes, jitter)
    fate = after_failure(one, permanent=False, counts=counts, retry_after=retry_after, now=NOON)
    if fate.due_at is None:
        assert fate.state == "dead"
    else:
        assert NOON < fate.due_at < one.expires_at
        assert fate.due_at >= NOON + timedelta(seconds=retry_after or 0)
