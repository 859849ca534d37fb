from datetime import date, time

import pytest

from apps.core.timing import clamp_day, month_bounds, month_end_slot, zone
from tests.core.timing.moments import instant


@pytest.mark.parametrize(
    ("name", "year", "month", "begin", "end"),
    [
        ("UTC", 2026, 2, "2026-02-01T00:00", "2026-03-01T00:00"),
        ("America/New_York", 2026, 3, "2026-03-01T05:00", "2026-04-01T04:00"),
        ("America/New_York", 2026, 11, "2026-11-01T04:00", "2026-12-01T05:00"),
        ("Europe/Berlin", 2026, 12, "2026-11-30T23:00", "2026-12-31T23:00"),
        ("Asia/Kathmandu", 2028, 2, "2028-01-31T18:15", "2028-02-29T18:15"),
        ("Pacific/Apia", 2011, 12, "2011-12-01T10:00", "2011-12-31T10:00"),
    ],
)
def test_a_month_has_exact_bounds(name: str, year: int, month: int, begin: str, end: str) -> None:
    assert month_bounds(year, month, zone(name)) == (instant(begin), instant(end))


def test_months_follow_one_another_without_a_gap() -> None:
    new_york = zone("America/New_York")
    bounds = [month_bounds(2026, month, new_york) for month in range(1, 13)]
    assert [end for _, end in bounds[:-1]] == [begin for begin, _ in bounds[1:]]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-02-10T00:00", "2026-03-01T04:55"),
        ("2026-03-01T04:54:59", "2026-03-01T04:55"),
        ("2026-03-01T04:55", "2026-04-01T03:55"),
        ("2026-10-31T12:00", "2026-11-01T03:55"),
        ("2026-11-01T03:55", "2026-12-01T04:55"),
        ("2027-01-01T04:55", "2027-02-01T04:55"),
    ],
)
def test_the_month_end_comes_on_the_last_local_day(now: str, expected: str) -> None:
    new_york = zone("America/New_York")
    assert month_end_slot(instant(now), new_york, time(23, 55)) == instant(expected)


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2026, 2, 31, date(2026, 2, 28)),
        (2028, 2, 30, date(2028, 2, 29)),
        (2027, 2, 29, date(2027, 2, 28)),
        (2026, 4, 31, date(2026, 4, 30)),
        (2026, 12, 31, date(2026, 12, 31)),
        (2026, 4, 1, date(2026, 4, 1)),
    ],
)
def test_a_day_beyond_the_month_is_its_last(
    year: int, month: int, day: int, expected: date
) -> None:
    assert clamp_day(year, month, day) == expected


def test_a_zeroth_day_is_no_date() -> None:
    with pytest.raises(ValueError, match="day"):
        clamp_day(2026, 4, 0)
