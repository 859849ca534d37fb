"""Quiet hours on some days of the week, beside those of every day, and the snooze."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.timing import next_wall, zone, zone_names
from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import Frequency, Outcome, QuietHoursPolicy, QuietRange, Reason
from tests.notifications.engines.builders import (
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    last,
    step_of,
    utc,
)

# NOON is a Monday, 12:10 in UTC.
ZONES = sorted(zone_names())
# Of every year the last of March and of October, and their American cousins.
CHANGE_DAYS = (utc("2026-03-29T00:00"), utc("2026-10-25T00:00"), utc("2026-03-08T00:00"))


def a_range(days: tuple[int, ...], start: str, end: str) -> QuietRange:
    return QuietRange(days=days, start=time.fromisoformat(start), end=time.fromisoformat(end))


LUNCH = a_range((0, 2), "12:00", "13:00")
WEEKEND = a_range((5, 6), "00:00", "00:00")


def test_a_range_holds_on_its_days() -> None:
    decision = decide(a_verdict(), a_context(quiet_ranges=(LUNCH,)), NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DEFER, Reason.QUIET_HOURS)
    assert decision.due_at == utc("2026-01-12T13:00")
    assert last(decision).threshold == "Mon/Wed 12:00–13:00"


def test_a_range_holds_nothing_on_other_days() -> None:
    tuesday = NOON + timedelta(days=1)
    decision = decide(a_verdict(), a_context(quiet_ranges=(LUNCH,)), tuesday)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "quiet_hours").margin == 23 * 60 + 50


def test_ranges_need_no_daily_quiet_hours_and_no_switch() -> None:
    context = a_night("UTC", quiet_hours_enabled=False, quiet_ranges=(LUNCH,))
    assert decide(a_verdict(), context, NOON).reason == Reason.QUIET_HOURS
    assert decide(a_verdict(), context, utc("2026-01-12T23:00")).outcome == Outcome.NOTIFY_NOW


def test_equal_walls_on_some_days_are_whole_days() -> None:
    context = a_context(quiet_ranges=(WEEKEND,))
    saturday, sunday = utc("2026-01-17T00:00"), utc("2026-01-18T23:59")
    assert decide(a_verdict(), context, saturday).due_at == utc("2026-01-19T00:00")
    assert decide(a_verdict(), context, sunday).due_at == utc("2026-01-19T00:00")


def test_a_range_that_passes_midnight_belongs_to_the_day_it_begins() -> None:
    friday_night = a_context(quiet_ranges=(a_range((4,), "20:00", "10:00"),))
    assert decide(a_verdict(), friday_night, utc("2026-01-17T09:00")).outcome == Outcome.DEFER
    assert decide(a_verdict(), friday_night, utc("2026-01-18T09:00")).outcome == Outcome.NOTIFY_NOW


def test_hours_that_meet_hold_until_the_last_of_them_ends() -> None:
    context = a_night("UTC", quiet_ranges=(a_range((0,), "06:30", "09:00"),))
    assert decide(a_verdict(), context, utc("2026-01-11T23:00")).due_at == utc("2026-01-12T09:00")


def test_a_digest_time_in_hours_that_meet_is_told_at_their_end() -> None:
    early = a_range((0,), "08:00", "10:00")
    late = a_range((0,), "09:00", "12:00")
    context = a_context(
        quiet_ranges=(early, late), quiet_policy=QuietHoursPolicy.DIGEST, digest_time=time(8, 30)
    )
    assert decide(a_verdict(), context, utc("2026-01-12T11:00")).due_at == utc("2026-01-12T12:00")


def test_who_is_never_awake_is_never_told_and_the_trace_says_so() -> None:
    always = a_context(quiet_ranges=(a_range(tuple(range(7)), "06:00", "06:00"),))
    decision = decide(a_verdict(), always, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.EXPIRED)


def test_a_snooze_holds_what_would_interrupt_until_it_ends() -> None:
    until = NOON + timedelta(hours=1)
    decision = decide(a_verdict(priority=10, vip=True), a_context(snoozed_until=until), NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DEFER, Reason.SNOOZED)
    assert decision.due_at == until
    assert last(decision).margin == -60.0


def test_a_snooze_that_ends_in_quiet_hours_holds_until_they_end() -> None:
    context = a_night("UTC", snoozed_until=utc("2026-01-12T23:00"))
    assert decide(a_verdict(), context, utc("2026-01-12T21:00")).due_at == utc("2026-01-13T07:00")


def test_no_batch_and_no_overflow_is_told_during_a_snooze() -> None:
    until = NOON + timedelta(hours=2)
    batched = a_context(snoozed_until=until, frequency=Frequency.BATCH)
    full = a_context(snoozed_until=until, sent_today=10, digest_time=time(13))
    assert decide(a_verdict(), batched, NOON).due_at == until
    assert decide(a_verdict(), full, NOON).due_at == until


def test_a_snooze_tells_nothing_later_that_is_not_wanted() -> None:
    context = a_context(snoozed_until=NOON + timedelta(hours=1), categories=())
    assert decide(a_verdict(), context, NOON).reason == Reason.CATEGORY_MUTED


def test_a_code_passes_a_snooze() -> None:
    code = a_code(expires_at=NOON + timedelta(minutes=5))
    decision = decide(code, a_context(snoozed_until=NOON + timedelta(hours=1)), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "snoozed").note == "override"


@pytest.mark.parametrize("name", ZONES[::7])
@pytest.mark.parametrize("night", CHANGE_DAYS)
def test_a_night_holds_until_its_wall_in_every_zone(name: str, night: datetime) -> None:
    place = zone(name)
    starts = next_wall(night - timedelta(hours=24), time(22), place)
    decision = decide(a_verdict(), a_night(name), starts + timedelta(minutes=1))
    assert decision.outcome == Outcome.DEFER
    assert decision.due_at == next_wall(starts, time(7), place)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(CHANGE_DAYS),
    st.integers(-2 * 86_400, 2 * 86_400),
    st.integers(0, 23),
    st.integers(1, 10),
)
def test_no_zone_and_no_change_of_the_clocks_lets_anything_through(
    name: str, day: datetime, seconds: int, hour: int, priority: int
) -> None:
    now = day + timedelta(seconds=seconds)
    wall = now.astimezone(zone(name)).time()
    night = a_night(name, f"{hour:02}:00", f"{(hour + 9) % 24:02}:00")
    inside = (wall.hour - hour) % 24 < 9
    told = decide(a_verdict(priority=priority), night, now).outcome == Outcome.NOTIFY_NOW
    assert not (inside and told)
