"""Until what o'clock a code lives, where its message names a time of day."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from apps.classification.engines.codes import find_code
from apps.classification.engines.lifetimes import DEFAULT_LIFETIME, LONGEST_LIFETIME

BERLIN = timezone(timedelta(hours=2))
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=BERLIN)


def lives(told: str, *, received_at: datetime = NOON) -> timedelta:
    code = find_code("", f"Your verification code is 483920. {told}", received_at=received_at)
    assert code is not None
    return code.expires_at - received_at


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    "told",
    [
        "It expires at 14:35.",
        "It expires at 12:05.",
        "It expires on 1 July 2026 at 14:35.",
        "It expires at 12:35 IST.",
        "It is valid 12:05-12:35.",
        "It expires at 12:30-05:00.",
    ],
)
def test_without_a_zone_a_time_of_day_tells_nothing(told: str) -> None:
    assert lives(told, received_at=NOON.astimezone(UTC)) == DEFAULT_LIFETIME


@pytest.mark.parametrize(
    "told",
    [
        "It expires at 11:59.",
        "It expires at 25:00.",
        "It expires at 12:61.",
        "It expires on 31 February 2026 at 11:00.",
        "It expires on 30.06.2026 at 12:35.",
        "It expires soon. Somebody asked for it at 12:35.",
        "Somebody asked at 12:35 and it is valid once.",
        "It expires unless you sign in from the office at 12:35.",
        "It expires at 1:12:35:40.",
        "Il expire le 9 août 2026 à 12:02.",
        "It expires 09/07/26 at 12:02.",
    ],
)
def test_what_has_passed_or_is_no_such_time_leaves_the_default(told: str) -> None:
    assert lives(told) == DEFAULT_LIFETIME


@pytest.mark.parametrize(
    ("told", "stated"),
    [
        ("It expires at 12:35.", 35),
        ("It expires at 12:02.", 2),
        ("It expires at 2:35 PM.", 155),
        ("It expires at 12:35 p.m.", 35),
        ("Er ist gültig bis 12:45 Uhr.", 45),
        ("Il expire à 12h35.", 35),
        ("It expires at 10:35 UTC.", 35),
        ("It expires at 10:35 (GMT).", 35),
        ("It expires at 06:35 EDT.", 35),
        ("It expires at 12:35+02:00.", 35),
        ("Valid until 2026-07-01T10:35:30Z.", 35.5),
        ("Valid until 01.07.2026 12:35.", 35),
        ("Valid until July 1, 2026, 12:35.", 35),
        ("Valid until 12:35 on 1 July 2026.", 35),
        ("It expires in 5 minutes, at 12:35.", 5),
    ],
)
def test_a_time_of_day_is_read_in_its_zone(told: str, stated: float) -> None:
    assert lives(told) == minutes(stated)


def test_a_time_after_midnight_is_that_of_the_next_day() -> None:
    late = NOON.replace(hour=23, minute=50)
    assert lives("It expires at 00:20.", received_at=late) == minutes(30)


def test_a_far_date_is_cut_to_the_longest_lifetime() -> None:
    assert lives("It expires on 9 July 2026 at 12:35.") == LONGEST_LIFETIME


@pytest.mark.parametrize(
    "text", ["expires at " * 1_000, "valid 12:3" * 1_000, "expires 1:1:1:" * 700]
)
def test_a_hostile_message_tells_nothing(text: str) -> None:
    assert lives(text) == DEFAULT_LIFETIME
