from datetime import UTC, datetime, timedelta

import pytest

from apps.core.errors import InvalidInput
from apps.core.timing import parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-30T12:00:00Z",
        "2026-03-04T12:00:00",
        "2026-03-04",
        "2026-03-04T12:00:00+24:00",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_instant(text)


def test_a_zone_makes_no_moment_of_it() -> None:
    with pytest.raises(InvalidInput):
        parse_instant("tomorrow", naive=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04T12:00:00Z", datetime(2026, 3, 4, 12, tzinfo=UTC)),
        ("2026-03-04T12:00:00+23:59", datetime(2026, 3, 3, 12, 1, tzinfo=UTC)),
        ("9999-12-31T00:00:59-23:59", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("0001-01-01T23:59:00+23:59", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_every_offset_is_turned_into_utc(text: str, expected: datetime) -> None:
    moment = parse_instant(text)
    assert moment == expected
    assert moment.utcoffset() == timedelta(0)


def test_beyond_the_calendar_is_its_end() -> None:
    assert parse_instant("9999-12-31T23:59:59-23:59") == datetime.max.replace(tzinfo=UTC)
    assert parse_instant("0001-01-01T00:00:00+00:01") == datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-04", "2026-03-04T00:00"])
def test_a_zone_is_for_what_has_no_offset(text: str) -> None:
    assert parse_instant(text, naive=UTC) == datetime(2026, 3, 4, tzinfo=UTC)
