"""The table of quiet nights (measured values), and quiet hours by brute force."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings

from apps.core.timing import quiet_window, zone
from tests.core.timing.moments import DAY, WALLS, WallTable, instant, moments

NIGHTS = [
    ("America/New_York", "22:00-07:00", "2026-03-08T03:00", "2026-03-08T11:00"),
    ("America/New_York", "22:00-02:30", "2026-03-08T03:00", "2026-03-08T07:00"),
    ("America/New_York", "22:00-07:00", "2026-11-01T02:00", "2026-11-01T12:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T02:00", "2026-11-01T06:30"),
    ("America/New_York", "01:30-05:00", "2026-11-01T05:30", "2026-11-01T10:00"),
    ("Europe/Berlin", "23:00-02:15", "2026-03-28T22:00", "2026-03-29T01:00"),
    ("Europe/Berlin", "23:00-02:15", "2026-10-24T21:00", "2026-10-25T01:15"),
    ("Australia/Lord_Howe", "22:00-02:15", "2026-10-03T11:30", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "22:00-01:45", "2026-04-04T11:00", "2026-04-04T15:15"),
    ("Europe/Dublin", "22:00-01:30", "2026-10-24T21:00", "2026-10-25T01:30"),
    ("Africa/Casablanca", "22:00-02:30", "2026-02-14T21:00", "2026-02-15T02:30"),
    ("Africa/Casablanca", "22:00-02:30", "2026-03-21T22:00", "2026-03-22T02:00"),
    ("Asia/Beirut", "22:00-00:30", "2026-03-28T20:00", "2026-03-28T22:00"),
    ("America/Havana", "22:00-00:30", "2026-03-08T03:00", "2026-03-08T05:00"),
    ("Pacific/Apia", "22:00-07:00", "2011-12-30T08:00", "2011-12-30T10:00"),
    ("Asia/Kathmandu", "22:00-07:00", "2026-01-01T16:15", "2026-01-02T01:15"),
]
# In Apia another night begins the moment this one ends: the day between does not exist.
OVER_AT_THEIR_END = [night for night in NIGHTS if night[0] != "Pacific/Apia"]
SECOND = timedelta(seconds=1)


def window(now: datetime, name: str, hours: str) -> tuple[datetime, datetime] | None:
    start, _, end = hours.partition("-")
    return quiet_window(now, time.fromisoformat(start), time.fromisoformat(end), zone(name))


@pytest.mark.parametrize(("name", "hours", "begin", "end"), NIGHTS)
def test_a_night_begins_at_its_exact_second(name: str, hours: str, begin: str, end: str) -> None:
    assert window(instant(begin) - SECOND, name, hours) is None
    assert window(instant(begin), name, hours) == (instant(begin), instant(end))


@pytest.mark.parametrize(("name", "hours", "begin", "end"), NIGHTS)
def test_a_night_lasts_to_its_exact_second(name: str, hours: str, begin: str, end: str) -> None:
    assert window(instant(end) - SECOND, name, hours) == (instant(begin), instant(end))


@pytest.mark.parametrize(("name", "hours", "begin", "end"), OVER_AT_THEIR_END)
def test_a_night_is_over_at_its_end(name: str, hours: str, begin: str, end: str) -> None:
    assert window(instant(end), name, hours) is None


def test_the_night_of_a_skipped_day_begins_when_the_next_day_does() -> None:
    expected = (instant("2011-12-30T10:00"), instant("2011-12-30T17:00"))
    assert window(instant("2011-12-30T10:00"), "Pacific/Apia", "22:00-07:00") == expected


def test_of_two_nights_that_overlap_it_is_the_later() -> None:
    expected = (instant("2026-11-01T05:45"), instant("2026-11-02T06:30"))
    assert window(instant("2026-11-01T06:00"), "America/New_York", "01:45-01:30") == expected


def test_tomorrows_night_can_have_begun_where_clocks_go_back_over_midnight() -> None:
    expected = (instant("2010-11-07T02:30"), instant("2010-11-07T08:30"))
    assert window(instant("2010-11-07T03:00"), "America/St_Johns", "00:00-05:00") == expected


def test_quiet_hours_within_one_day_are_not_overnight() -> None:
    expected = (instant("2026-06-01T11:00"), instant("2026-06-01T13:00"))
    assert window(instant("2026-06-01T12:00"), "Europe/Berlin", "13:00-15:00") == expected
    assert window(instant("2026-06-01T22:00"), "Europe/Berlin", "13:00-15:00") is None


@pytest.mark.parametrize("hour", [0, 7, 22])
def test_equal_times_are_never_quiet(hour: int) -> None:
    assert window(instant(f"2026-06-01T{hour:02}:00"), "UTC", "07:00-07:00") is None


def test_a_window_within_a_gap_is_never_quiet() -> None:
    assert window(instant("2026-03-29T01:00"), "Europe/Berlin", "02:10-02:40") is None


@settings(deadline=None, max_examples=150)
@given(moments(), WALLS, WALLS)
def test_windows_contain_now_and_never_invert(
    moment: tuple[ZoneInfo, datetime], start: time, end: time
) -> None:
    place, now = moment
    windows = filter(None, [quiet_window(now, start, end, place)])
    assert all(begin <= now < finish <= begin + 2 * DAY for begin, finish in windows)


@settings(deadline=None, max_examples=150)
@given(moments(), WALLS, WALLS)
def test_quiet_hours_agree_with_brute_force(
    moment: tuple[ZoneInfo, datetime], start: time, end: time
) -> None:
    assume(start != end)
    place, now = moment
    table = WallTable(now, place)
    today = now.astimezone(place).date()
    nights = [today + ahead * DAY for ahead in (-2, -1, 0, 1)]
    windows = [
        (table.first_at(night, start), table.last_at(night + (end < start) * DAY, end))
        for night in nights
    ]
    around = [(begin, finish) for begin, finish in windows if begin <= now < finish]
    assert quiet_window(now, start, end, place) == next(reversed(around), None)
