from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.hook_health import OFF, STAGES, stage_told, warning_due

SINCE = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
AFTER = timedelta(hours=100)
hours = st.floats(0, 1_000, allow_nan=False)


def due(at: float, warned: float | None = None) -> int | None:
    warned_at = None if warned is None else SINCE + timedelta(hours=warned)
    return warning_due(SINCE, warned_at, SINCE + timedelta(hours=at), disable_after=AFTER)


@pytest.mark.parametrize(
    ("at", "warned", "said"),
    [
        (0, None, None),
        (49.99, None, None),
        (50, None, 50),
        (60, 50, None),
        (70, 50, 70),
        (75, None, 70),
        (90, 70, 90),
        (99, 90, None),
        (100, 90, OFF),
        (100, 95, None),
        (105, 95, OFF),
        (500, None, 90),
        (500, 70, 90),
        (501, 500, None),
        (510, 500, OFF),
    ],
)
def test_what_is_said_when(at: float, warned: float | None, said: int | None) -> None:
    assert due(at, warned) == said


def test_what_is_well_is_never_warned_of() -> None:
    assert warning_due(None, SINCE, SINCE + AFTER * 9, disable_after=AFTER) is None


def test_a_warning_of_an_earlier_time_does_not_count() -> None:
    earlier = SINCE - timedelta(hours=1)
    assert stage_told(SINCE, earlier, disable_after=AFTER) == 0
    now = SINCE + AFTER / 2
    assert warning_due(SINCE, earlier, now, disable_after=AFTER) == 50


@given(st.lists(hours, min_size=1, max_size=40))
def test_stages_come_once_in_their_order_and_off_comes_last(moments: list[float]) -> None:
    warned: float | None = None
    said: list[int] = []
    for at in sorted(moments):
        answer = due(at, warned)
        if answer is None:
            continue
        said.append(answer)
        if answer == OFF:
            break
        warned = at
    assert said == sorted(set(said))
    assert OFF not in said or 90 in said


@given(hours, hours)
def test_nobody_is_off_without_a_tenth_of_the_time_to_act(at: float, warned: float) -> None:
    if due(at, min(at, warned)) == OFF:
        assert at >= 100
        assert at - warned >= 10 - 1e-6


def test_somebody_who_fails_all_the_time_hears_all_stages() -> None:
    warned: float | None = None
    said = []
    for hour in range(0, 110, 2):
        if (answer := due(hour, warned)) is not None:
            said.append(answer)
            warned = hour
    assert said == [*STAGES, OFF]
