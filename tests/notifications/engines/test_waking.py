"""How much of a waking day has passed, also where a day has 23 or 25 hours."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings

from apps.classification.types import Verdict
from apps.core.timing import local_day
from apps.notifications.engines.cases import Case
from apps.notifications.engines.waking import share_awake
from apps.notifications.types import FilterContext, QuietRange
from tests.notifications.engines.builders import a_context, a_night, a_verdict, utc
from tests.notifications.engines.strategies import cases

EVERY_DAY = tuple(range(7))
ASLEEP = QuietRange(days=EVERY_DAY, start=time(0), end=time(0))
LUNCH = QuietRange(days=EVERY_DAY, start=time(12), end=time(14))


def share(context: FilterContext, at: str) -> float:
    return share_awake(Case.of(a_verdict(), context, utc(at)))


def test_somebody_who_is_never_awake_has_no_day_left() -> None:
    assert share(a_context(quiet_ranges=(ASLEEP,)), "2026-01-12T09:00") == 1.0


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-01-12T00:00", 0.0),
        ("2026-01-12T07:00", 0.0),
        ("2026-01-12T11:00", 0.25),
        ("2026-01-12T23:00", 1.0),
        ("2026-01-12T23:59:59", 1.0),
    ],
)
def test_without_quiet_hours_the_day_is_from_seven_to_eleven(at: str, expected: float) -> None:
    assert share(a_context(), at) == expected


def test_a_waking_day_is_the_one_between_the_nights() -> None:
    # 06:00 to 22:00 in Berlin.
    assert share(a_night(end="06:00"), "2026-01-12T09:00") == 0.25


def test_a_nap_stops_the_clock() -> None:
    context = a_night("UTC", start="20:00", end="06:00", quiet_ranges=(LUNCH,))
    shares = [share(context, f"2026-01-12T{hour}:00") for hour in ("12", "13", "14", "17")]
    assert shares == [0.5, 0.5, 0.5, 0.75]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # Clocks lose the hour from 02:00: awake until 01:00, and from 05:00 (03:00 in UTC) on.
        ("2026-03-29T00:00", 0.05),
        ("2026-03-29T12:00", 0.5),
        # They show it twice: the hour after 02:00 is still slept through, both times.
        ("2026-10-25T00:30", 0.05),
        ("2026-10-25T13:00", 0.5),
    ],
)
def test_a_change_of_the_clocks_takes_nothing_from_the_waking_day(at: str, expected: float) -> None:
    assert share(a_night(start="01:00", end="05:00"), at) == expected


@settings(max_examples=150, deadline=None)
@given(cases)
def test_a_day_only_ever_goes_on_from_nothing_to_all(
    case: tuple[Verdict, FilterContext, datetime],
) -> None:
    verdict, context, now = case
    whole = Case.of(verdict, context, now)
    _, begins, ends = local_day(now, whole.zone)
    last = ends - timedelta(microseconds=1)
    shares = [share_awake(Case.of(verdict, context, at)) for at in (begins, now, last)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
