from datetime import time

import pytest

from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import Frequency, Outcome, QuietHoursPolicy, Reason
from tests.notifications.engines.builders import a_night, a_verdict, last, step_of, utc

DIGEST = QuietHoursPolicy.DIGEST


@pytest.mark.parametrize(
    ("zone", "start", "end", "now", "due_at"),
    [
        ("Europe/Berlin", "22:00", "07:00", "2026-01-12T21:00", "2026-01-13T06:00"),
        ("Europe/Berlin", "22:00", "07:00", "2026-03-28T22:10", "2026-03-29T05:00"),
        ("Europe/Berlin", "22:00", "07:00", "2026-03-29T01:30", "2026-03-29T05:00"),
        ("Europe/Berlin", "22:00", "07:00", "2026-10-24T22:10", "2026-10-25T06:00"),
        ("Europe/Berlin", "22:00", "07:00", "2026-10-25T01:30", "2026-10-25T06:00"),
        ("Europe/Berlin", "23:00", "02:15", "2026-03-28T23:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "23:00", "02:15", "2026-10-25T00:20", "2026-10-25T01:15"),
        ("America/New_York", "22:00", "07:00", "2026-03-08T04:00", "2026-03-08T11:00"),
        ("America/New_York", "22:00", "07:00", "2026-11-01T04:00", "2026-11-01T12:00"),
        ("America/New_York", "22:00", "01:30", "2026-11-01T06:00", "2026-11-01T06:30"),
        ("Asia/Kathmandu", "22:00", "07:00", "2026-01-01T16:15", "2026-01-02T01:15"),
        ("UTC", "12:00", "14:00", "2026-01-12T12:00", "2026-01-12T14:00"),
    ],
)
def test_an_interruption_waits_until_quiet_hours_end_on_the_readers_clock(
    zone: str, start: str, end: str, now: str, due_at: str
) -> None:
    decision = decide(a_verdict(), a_night(zone, start, end), utc(now))
    assert (decision.outcome, decision.reason) == (Outcome.DEFER, Reason.QUIET_HOURS)
    assert decision.due_at == utc(due_at)
    assert last(decision).margin == (utc(now) - utc(due_at)).total_seconds() / 60


@pytest.mark.parametrize(
    ("now", "frequency"),
    [("2026-10-25T00:10", Frequency.INSTANT), ("2026-10-24T00:10", Frequency.BATCH)],
)
def test_a_night_that_ends_inside_the_next_holds_until_that_one_ends(
    now: str, frequency: Frequency
) -> None:
    almost_always = a_night("Europe/Berlin", "02:30", "02:00", frequency=frequency)
    assert decide(a_verdict(), almost_always, utc(now)).due_at == utc("2026-10-26T01:00")


@pytest.mark.parametrize("now", ["2026-01-12T20:59:59", "2026-01-13T06:00", "2026-01-12T12:00"])
def test_outside_quiet_hours_nothing_waits(now: str) -> None:
    assert decide(a_verdict(), a_night(), utc(now)).outcome == Outcome.NOTIFY_NOW


def test_the_margin_outside_is_the_minutes_until_quiet_hours_begin() -> None:
    decision = decide(a_verdict(), a_night(), utc("2026-01-12T20:20"))
    assert step_of(decision, "quiet_hours").margin == 40.0


def test_walls_without_the_switch_hold_nothing() -> None:
    context = a_night(quiet_hours_enabled=False)
    assert decide(a_verdict(), context, utc("2026-01-12T23:00")).outcome == Outcome.NOTIFY_NOW


def test_the_digest_policy_waits_for_the_digest_after_quiet_hours() -> None:
    decision = decide(a_verdict(), a_night("UTC", policy=DIGEST), utc("2026-01-12T23:00"))
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.QUIET_HOURS)
    assert decision.due_at == utc("2026-01-13T09:00")


@pytest.mark.parametrize("digest_time", ["22:00", "23:30", "06:59", "07:00"])
def test_a_digest_time_inside_quiet_hours_means_their_end(digest_time: str) -> None:
    context = a_night("UTC", policy=DIGEST, digest_time=time.fromisoformat(digest_time))
    assert decide(a_verdict(), context, utc("2026-01-13T00:10")).due_at == utc("2026-01-13T07:00")


def test_overflow_of_the_day_is_not_digested_inside_quiet_hours() -> None:
    context = a_night("UTC", digest_time=time(23), max_per_day=0)
    assert decide(a_verdict(), context, utc("2026-01-12T12:00")).due_at == utc("2026-01-13T07:00")


@pytest.mark.parametrize(
    ("frequency", "due_at"),
    [
        (Frequency.BATCH, "2026-01-13T07:00"),
        (Frequency.DAILY, "2026-01-13T09:00"),
        (Frequency.WEEKLY, "2026-01-19T09:00"),
    ],
)
def test_what_would_not_have_interrupted_joins_its_digest_after_quiet_hours(
    frequency: Frequency, due_at: str
) -> None:
    context = a_night("UTC", frequency=frequency)
    decision = decide(a_verdict(), context, utc("2026-01-12T23:00"))
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.QUIET_HOURS)
    assert decision.due_at == utc(due_at)
