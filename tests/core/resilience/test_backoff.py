from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.resilience.backoff import next_due, parse_retry_after

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SCHEDULE = [1.0, 5.0, 15.0, 60.0]


def seconds_until_next(
    attempt: int,
    *,
    expires_in: float | None = None,
    jitter: float = 0.0,
    retry_after: str | None = None,
) -> float | None:
    due_at = next_due(
        attempt,
        now=NOW,
        schedule=SCHEDULE,
        expires_at=None if expires_in is None else NOW + timedelta(seconds=expires_in),
        jitter=jitter,
        retry_after=retry_after,
    )
    return None if due_at is None else (due_at - NOW).total_seconds()


@pytest.mark.parametrize("expires_in", [-10.0, 0.0, 5.0])
def test_what_would_come_too_late_is_not_tried(expires_in: float) -> None:
    assert seconds_until_next(2, expires_in=expires_in) is None


def test_a_retry_after_beyond_expiry_ends_the_work() -> None:
    assert seconds_until_next(1, expires_in=60, retry_after="120") is None


def test_the_last_moment_before_expiry_is_used() -> None:
    assert seconds_until_next(2, expires_in=5.1) == 5.0


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(0, 1.0), (1, 1.0), (2, 5.0), (3, 15.0), (4, 60.0), (5, 60.0)]
)
def test_the_schedule_is_walked_and_its_last_step_repeats(attempt: int, seconds: float) -> None:
    assert seconds_until_next(attempt) == seconds


@pytest.mark.parametrize(("jitter", "seconds"), [(-1.0, 48.0), (0.5, 66.0), (1.0, 72.0)])
def test_jitter_moves_by_up_to_a_fifth(jitter: float, seconds: float) -> None:
    assert seconds_until_next(4, jitter=jitter) == pytest.approx(seconds)


def test_retry_after_postpones() -> None:
    assert seconds_until_next(1, retry_after="120") == 120.0


def test_retry_after_never_brings_forward() -> None:
    assert seconds_until_next(4, retry_after="1") == 60.0


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        " ",
        "soon",
        "-5",
        "1e3",
        "nan",
        "inf",
        "0x10",
        "١٢",
        "12 s",
        "1.",
        ".5",
        "\0",
        "Fri, 99 Nov 2026 12:00:00 GMT",
        "20 Nov",
        "Fri, 20 Nov 99999 12:00:00 GMT",
    ],
)
def test_garbage_is_no_retry_after(value: str | None) -> None:
    assert parse_retry_after(value, NOW) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 1.0),
        ("1", 1.0),
        ("30", 30.0),
        (" 30 ", 30.0),
        ("30.5", 30.5),
        ("3600", 3_600.0),
        ("3601", 3_600.0),
        ("9" * 5_000, 3_600.0),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2026 13:00:30 +0100", 30.0),
        ("Fri, 20 Nov 2026 12:00:30 -0000", 30.0),
        ("Friday, 20-Nov-26 12:00:30 GMT", 30.0),
        ("Fri, 20 Nov 2020 12:00:00 GMT", 1.0),
        ("Fri, 20 Nov 2099 12:00:00 GMT", 3_600.0),
    ],
)
def test_retry_after_is_read_and_kept_within_an_hour(value: str, seconds: float) -> None:
    assert parse_retry_after(value, NOW) == seconds


@given(st.text() | st.text(alphabet="0123456789-+:,. FriNovGMT"))
def test_no_header_breaks_the_schedule(header: str) -> None:
    seconds = seconds_until_next(1, retry_after=header)
    assert seconds is not None
    assert 1.0 <= seconds <= 3_600.0
