from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.core.timing import zone
from apps.rules.engines.silences import matches, silence_for, snoozed_until, tomorrow
from apps.rules.types import ActiveSilence, Subject

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
SUBJECT = Subject(
    category="news",
    event_type="news.article",
    priority=5,
    client_id=7,
    senders=(b"carla", b"@acme"),
)


def a_silence(number: int = 1, hours: int = 1, **matchers: Any) -> ActiveSilence:
    expires_at = NOON + timedelta(hours=hours)
    return ActiveSilence(silence_id=UUID(int=number), expires_at=expires_at, **matchers)


@pytest.mark.parametrize(
    "matchers",
    [
        {"category": "risk"},
        {"event_type": "news"},
        {"sender_index": b"dora"},
        {"client_id": 8},
        {"min_priority": 6},
        {"max_priority": 4},
        {"category": "news", "client_id": 8},
    ],
)
def test_one_matcher_that_does_not_fit_lets_it_pass(matchers: dict[str, Any]) -> None:
    assert not matches(a_silence(**matchers), SUBJECT)


@pytest.mark.parametrize(
    "matchers",
    [
        {},
        {"category": "news"},
        {"event_type": "news.article"},
        {"sender_index": b"carla"},
        {"sender_index": b"@acme"},
        {"client_id": 7},
        {"min_priority": 5, "max_priority": 5},
        {"category": "news", "client_id": 7, "max_priority": 9},
    ],
)
def test_every_matcher_that_is_set_must_fit(matchers: dict[str, Any]) -> None:
    assert matches(a_silence(**matchers), SUBJECT)


def test_a_sender_nobody_knows_meets_no_silence_of_a_sender() -> None:
    unknown = Subject(category="news", event_type="news.article", priority=5)
    assert not matches(a_silence(sender_index=b"carla"), unknown)


def test_of_several_the_one_that_ends_last_counts() -> None:
    silences = [a_silence(1, 1), a_silence(2, 3), a_silence(3, 9, category="risk")]
    found = silence_for(silences, SUBJECT)
    assert found is not None
    assert found.silence_id == UUID(int=2)


def test_only_silences_over_everything_are_snoozes() -> None:
    narrow = [a_silence(hours=5, category="news"), a_silence(hours=4, min_priority=1)]
    assert snoozed_until(narrow) is None
    assert snoozed_until([*narrow, a_silence(hours=2)]) == NOON + timedelta(hours=2)


def test_tomorrow_is_eight_in_the_morning_on_the_persons_own_clock() -> None:
    assert tomorrow(NOON, zone("Europe/Berlin")) == datetime(2026, 1, 13, 7, tzinfo=UTC)
    assert tomorrow(NOON, zone("Pacific/Auckland")) == datetime(2026, 1, 13, 19, tzinfo=UTC)
