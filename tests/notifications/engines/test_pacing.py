from datetime import time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import Frequency, Outcome, Reason
from tests.notifications.engines.builders import (
    NOON,
    a_context,
    a_night,
    a_verdict,
    last,
    step_of,
    utc,
)


def test_overflow_of_the_day_joins_the_next_digest() -> None:
    context = a_context(sent_today=12, max_per_day=10, time_zone="Europe/Berlin")
    decision = decide(a_verdict(priority=9), context, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.DAILY_CAP)
    assert decision.due_at == utc("2026-01-13T08:00")
    assert (last(decision).threshold, last(decision).margin) == (10, -3.0)


def test_the_last_of_the_day_is_still_told_now() -> None:
    decision = decide(a_verdict(), a_context(sent_today=9, max_per_day=10), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "daily_cap").margin == 0.0


def test_without_a_limit_nothing_overflows() -> None:
    decision = decide(a_verdict(), a_context(sent_today=10_000, max_per_day=None), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW


def test_overflow_of_an_urgent_thing_waits_for_tomorrow_not_for_the_weekly_digest() -> None:
    context = a_context(frequency=Frequency.WEEKLY, digest_weekday=6, max_per_day=0)
    assert decide(a_verdict(priority=8), context, NOON).due_at == utc("2026-01-13T09:00")


def test_overflow_of_an_ordinary_thing_waits_for_the_weekly_digest() -> None:
    context = a_context(frequency=Frequency.WEEKLY, digest_weekday=6, max_per_day=0)
    assert decide(a_verdict(), context, NOON).due_at == utc("2026-01-18T09:00")


def test_soon_after_an_interruption_an_ordinary_thing_waits_for_the_next_batch() -> None:
    context = a_context(last_interruption_at=NOON - timedelta(minutes=2))
    decision = decide(a_verdict(), context, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.MIN_INTERVAL)
    assert decision.due_at == utc("2026-01-12T12:30")
    assert (last(decision).threshold, last(decision).margin) == (5.0, -3.0)


def test_soon_after_an_interruption_a_daily_reader_still_waits_for_the_digest() -> None:
    context = a_context(last_interruption_at=NOON, frequency=Frequency.DAILY)
    assert decide(a_verdict(), context, NOON).due_at == utc("2026-01-13T09:00")


def test_the_interval_ends_on_the_second() -> None:
    context = a_context(last_interruption_at=NOON - timedelta(seconds=300))
    decision = decide(a_verdict(), context, NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "min_interval").margin == 0.0


def test_an_urgent_thing_does_not_wait_for_the_interval() -> None:
    decision = decide(a_verdict(priority=7), a_context(last_interruption_at=NOON), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "min_interval").note == "urgent"


@pytest.mark.parametrize(
    ("frequency", "due_at"),
    [
        (Frequency.BATCH, "2026-01-12T12:30"),
        (Frequency.DAILY, "2026-01-12T17:00"),
        (Frequency.WEEKLY, "2026-01-16T17:00"),
    ],
)
def test_an_ordinary_thing_waits_as_long_as_its_reader_chose(
    frequency: Frequency, due_at: str
) -> None:
    context = a_context(
        frequency=frequency,
        digest_time=time(18),
        digest_weekday=4,
        time_zone="Europe/Berlin",
    )
    decision = decide(a_verdict(), context, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.BATCHED)
    assert decision.due_at == utc(due_at)


@pytest.mark.parametrize("frequency", list(Frequency))
@pytest.mark.parametrize("changes", [{"priority": 7}, {"priority": 10}, {"vip": True}])
def test_what_is_prompt_never_waits_for_a_digest(
    frequency: Frequency, changes: dict[str, object]
) -> None:
    decision = decide(a_verdict(**changes), a_context(frequency=frequency), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW


@pytest.mark.parametrize(
    ("now", "due_at"),
    [
        ("2026-01-12T12:29:59.999999", "2026-01-12T12:30"),
        ("2026-01-12T12:30", "2026-01-12T13:00"),
        ("2026-01-12T23:59", "2026-01-13T00:00"),
    ],
)
def test_a_batch_leaves_on_the_next_boundary_strictly_after_now(now: str, due_at: str) -> None:
    context = a_context(frequency=Frequency.BATCH)
    assert decide(a_verdict(), context, utc(now)).due_at == utc(due_at)


def test_a_batch_boundary_inside_quiet_hours_moves_to_their_end() -> None:
    context = a_night("UTC", frequency=Frequency.BATCH)
    decision = decide(a_verdict(), context, utc("2026-01-12T21:40"))
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.BATCHED)
    assert decision.due_at == utc("2026-01-13T07:00")


def test_the_callers_zone_does_not_change_the_decision() -> None:
    context = a_context(last_interruption_at=NOON - timedelta(minutes=2))
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-9)))
    assert decide(a_verdict(), context, elsewhere) == decide(a_verdict(), context, NOON)


def test_an_interval_over_a_clock_change_is_elapsed_time() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    last = utc("2026-10-25T00:55").astimezone(berlin)
    now = utc("2026-10-25T01:01").astimezone(berlin)
    decision = decide(a_verdict(), a_context(last_interruption_at=last), now)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "min_interval").margin == 1.0


def test_what_has_just_missed_the_weekly_digest_is_in_the_next_one() -> None:
    context = a_context(frequency=Frequency.WEEKLY, digest_time=time(12, 10), digest_weekday=0)
    decision = decide(a_verdict(), context, NOON)
    assert (decision.outcome, decision.due_at) == (Outcome.DIGEST, NOON + timedelta(days=7))
    assert decision.expires_at == NOON + timedelta(days=14)


def test_a_batch_waits_for_the_hour_in_which_its_reader_reads() -> None:
    reads = tuple(20 if hour == 15 else 0 for hour in range(24))
    context = a_context(frequency=Frequency.BATCH, reads_by_hour=reads)
    assert decide(a_verdict(), context, NOON).due_at == utc("2026-01-12T15:00")
    instant = a_context(frequency=Frequency.INSTANT, reads_by_hour=reads, max_per_day=None)
    assert decide(a_verdict(), instant, NOON).outcome == Outcome.NOTIFY_NOW


def test_a_batch_does_not_wait_for_an_hour_after_its_end() -> None:
    reads = tuple(20 if hour == 15 else 0 for hour in range(24))
    context = a_context(frequency=Frequency.BATCH, reads_by_hour=reads)
    verdict = a_verdict(expires_at=utc("2026-01-12T14:00"))
    assert decide(verdict, context, NOON).due_at == utc("2026-01-12T12:30")
