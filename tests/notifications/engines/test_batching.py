"""A batch comes when its reader does, if that is soon enough."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.notifications.engines.batching import smart_batch, usual_hours
from tests.notifications.engines.builders import NOON, utc
from tests.notifications.engines.strategies import moments

BERLIN = ZoneInfo("Europe/Berlin")
FOUR_HOURS = timedelta(hours=4)


def reads(**hours: int) -> list[int]:
    """`reads(h15=20)`: twenty reads between three and four in the afternoon."""
    return [hours.get(f"h{hour}", 0) for hour in range(24)]


def test_nineteen_reads_are_no_habit() -> None:
    assert usual_hours(reads(h15=19)) == frozenset()
    assert smart_batch(NOON, reads(h15=19), BERLIN, FOUR_HOURS) is None


def test_an_hour_seldom_read_in_is_not_usual() -> None:
    assert usual_hours(reads(h9=10, h15=10, h20=2)) == {9, 15}


def test_a_batch_goes_when_its_reader_usually_reads() -> None:
    assert smart_batch(NOON, reads(h15=20), BERLIN, FOUR_HOURS) == utc("2026-01-12T14:00")


def test_the_nearest_of_several_hours_is_taken() -> None:
    assert smart_batch(NOON, reads(h9=9, h14=9, h16=9), BERLIN, FOUR_HOURS) == utc(
        "2026-01-12T13:00"
    )


@pytest.mark.parametrize("hour", [13, 18, 9])
def test_an_hour_that_is_now_or_too_far_leaves_the_ordinary_round(hour: int) -> None:
    assert smart_batch(NOON, reads(**{f"h{hour}": 20}), BERLIN, FOUR_HOURS) is None


def test_hours_are_the_readers_own_where_they_begin_on_a_quarter() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    assert smart_batch(NOON, reads(h19=20), kathmandu, FOUR_HOURS) == utc("2026-01-12T13:15")


@settings(max_examples=150, deadline=None)
@given(
    moments,
    st.lists(st.integers(0, 20), min_size=24, max_size=24),
    st.sampled_from(("UTC", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu")),
    st.integers(0, 24).map(lambda hours: timedelta(hours=hours)),
)
def test_a_batch_is_later_in_a_usual_hour_and_not_too_late(
    now: datetime, counts: list[int], name: str, delay: timedelta
) -> None:
    at = smart_batch(now, counts, ZoneInfo(name), delay)
    assert at is None or now < at <= now + delay
    assert at is None or at.astimezone(ZoneInfo(name)).hour in usual_hours(counts)
