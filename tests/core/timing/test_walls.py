from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from apps.core.errors import InvalidInput
from apps.core.timing import local_day, next_wall, wall_to_utc, zone
from tests.core.timing.moments import DAY, WALLS, WallTable, instant, moments

NEW_YORK = zone("America/New_York")


@pytest.mark.parametrize("fold_last", [False, True])
@pytest.mark.parametrize(
    ("name", "wall", "expected"),
    [
        ("America/New_York", "2026-03-08T02:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-03-08T02:59:59", "2026-03-08T07:00"),
        ("America/New_York", "2026-03-08T01:59:59", "2026-03-08T06:59:59"),
        ("America/New_York", "2026-03-08T03:00", "2026-03-08T07:00"),
        ("Europe/Berlin", "2026-03-29T02:15", "2026-03-29T01:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00"),
        ("America/Havana", "2026-03-08T00:30", "2026-03-08T05:00"),
        ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30T23:59", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00"),
        ("Asia/Kathmandu", "2026-01-01T22:00", "2026-01-01T16:15"),
    ],
)
def test_a_time_that_does_not_exist_is_the_end_of_the_gap(
    name: str, wall: str, expected: str, fold_last: bool
) -> None:
    found = wall_to_utc(datetime.fromisoformat(wall), zone(name), fold_last=fold_last)
    assert (found, found.tzinfo) == (instant(expected), UTC)


@pytest.mark.parametrize(
    ("name", "wall", "first", "last"),
    [
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30", "2026-11-01T06:30"),
        ("America/New_York", "2026-11-01T01:00", "2026-11-01T05:00", "2026-11-01T06:00"),
        ("America/New_York", "2026-11-01T02:00", "2026-11-01T07:00", "2026-11-01T07:00"),
        ("Europe/Berlin", "2026-10-25T02:15", "2026-10-25T00:15", "2026-10-25T01:15"),
        ("Europe/Dublin", "2026-10-25T01:30", "2026-10-25T00:30", "2026-10-25T01:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45", "2026-04-04T15:15"),
        ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30", "2026-02-15T02:30"),
    ],
)
def test_of_a_time_that_comes_twice_either_can_be_meant(
    name: str, wall: str, first: str, last: str
) -> None:
    walls = [
        wall_to_utc(datetime.fromisoformat(wall), zone(name), fold_last=fold_last)
        for fold_last in (False, True)
    ]
    assert walls == [instant(first), instant(last)]


@settings(deadline=None, max_examples=100)
@given(moments(), WALLS)
def test_walls_agree_with_brute_force(moment: tuple[ZoneInfo, datetime], wall: time) -> None:
    place, now = moment
    day = now.astimezone(place).date()
    table = WallTable(now, place, days=2)
    found = [
        wall_to_utc(datetime.combine(day, wall), place, fold_last=fold_last)
        for fold_last in (False, True)
    ]
    assert found == [table.first_at(day, wall), table.last_at(day, wall)]


@pytest.mark.parametrize(
    ("now", "wall", "expected"),
    [
        ("2026-06-01T12:59:59", "09:00", "2026-06-01T13:00"),
        ("2026-06-01T13:00", "09:00", "2026-06-02T13:00"),
        ("2026-03-08T05:00", "02:30", "2026-03-08T07:00"),
        ("2026-03-08T07:00", "02:30", "2026-03-09T06:30"),
        ("2026-11-01T05:00", "01:30", "2026-11-01T05:30"),
        ("2026-11-01T05:30", "01:30", "2026-11-02T06:30"),
        ("2026-11-01T06:00", "01:30", "2026-11-02T06:30"),
    ],
)
def test_a_daily_time_comes_once_a_day(now: str, wall: str, expected: str) -> None:
    assert next_wall(instant(now), time.fromisoformat(wall), NEW_YORK) == instant(expected)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-04T12:00", "2026-06-05T21:00"),
        ("2026-06-05T20:59:59", "2026-06-05T21:00"),
        ("2026-06-05T21:00", "2026-06-12T21:00"),
        ("2026-10-31T12:00", "2026-11-06T22:00"),
    ],
)
def test_a_weekly_time_comes_on_its_day(now: str, expected: str) -> None:
    friday = 4
    assert next_wall(instant(now), time(17), NEW_YORK, friday) == instant(expected)


def test_a_skipped_friday_comes_at_the_end_of_the_gap() -> None:
    apia = zone("Pacific/Apia")
    assert next_wall(instant("2011-12-30T09:00"), time(17), apia, 4) == instant("2011-12-30T10:00")


@pytest.mark.parametrize("weekday", [-1, 7])
def test_an_eighth_weekday_is_refused(weekday: int) -> None:
    with pytest.raises(InvalidInput) as caught:
        next_wall(instant("2026-06-01T00:00"), time(9), NEW_YORK, weekday)
    assert caught.value.code == "invalid_weekday"


@settings(deadline=None, max_examples=150)
@given(moments(), WALLS)
def test_the_next_time_is_the_first_one_after_now(
    moment: tuple[ZoneInfo, datetime], wall: time
) -> None:
    place, now = moment
    table = WallTable(now, place, days=3)
    today = now.astimezone(place).date()
    slots = [table.first_at(today + ahead * DAY, wall) for ahead in (-1, 0, 1, 2)]
    assert next_wall(now, wall, place) == min(slot for slot in slots if slot > now)


@pytest.mark.parametrize(
    ("name", "now", "day", "begin", "end"),
    [
        ("America/New_York", "2026-03-08T12:00", "2026-03-08", "03-08T05:00", "03-09T04:00"),
        ("America/New_York", "2026-11-01T12:00", "2026-11-01", "11-01T04:00", "11-02T05:00"),
        ("America/New_York", "2026-11-02T04:59:59", "2026-11-01", "11-01T04:00", "11-02T05:00"),
        ("Asia/Beirut", "2026-03-28T22:00", "2026-03-29", "03-28T22:00", "03-29T21:00"),
        ("America/Havana", "2026-03-08T05:00", "2026-03-08", "03-08T05:00", "03-09T04:00"),
        ("Asia/Kathmandu", "2026-01-01T18:15", "2026-01-02", "01-01T18:15", "01-02T18:15"),
    ],
)
def test_a_local_day_has_exact_bounds(name: str, now: str, day: str, begin: str, end: str) -> None:
    expected = (date.fromisoformat(day), instant(f"2026-{begin}"), instant(f"2026-{end}"))
    assert local_day(instant(now), zone(name)) == expected


def test_the_day_after_a_skipped_one_begins_at_once() -> None:
    expected = (date(2011, 12, 29), instant("2011-12-29T10:00"), instant("2011-12-30T10:00"))
    assert local_day(instant("2011-12-30T09:59:59"), zone("Pacific/Apia")) == expected


@settings(deadline=None, max_examples=150)
@given(moments())
def test_every_minute_lies_in_its_local_day(moment: tuple[ZoneInfo, datetime]) -> None:
    place, now = moment
    day, begin, end = local_day(now, place)
    assert begin <= now < end <= begin + timedelta(hours=26)
    assert day == now.astimezone(place).date()
