from datetime import UTC, datetime, timedelta

import pytest

from apps.notifications.engines.hook_secrets import (
    MOST_SECRETS,
    first_secret,
    former_until,
    rotated,
    valid_secrets,
)

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("details", [{}, {"secrets": []}])
def test_without_secrets_none_is_valid(details: dict[str, object]) -> None:
    assert valid_secrets(details, NOW) == []
    assert former_until(details, NOW) is None


def test_old_and_new_are_valid_until_the_overlap_ends() -> None:
    details = rotated(first_secret("old"), "new", now=NOW, overlap_seconds=60)
    assert valid_secrets(details, NOW) == ["new", "old"]
    assert former_until(details, NOW) == NOW + timedelta(seconds=60)
    over = NOW + timedelta(seconds=60)
    assert valid_secrets(details, over) == ["new"]
    assert former_until(details, over) is None


def test_a_second_rotation_does_not_give_the_first_secret_more_time() -> None:
    details = rotated(first_secret("a"), "b", now=NOW, overlap_seconds=60)
    later = NOW + timedelta(seconds=30)
    details = rotated(details, "c", now=later, overlap_seconds=60)
    assert valid_secrets(details, later) == ["c", "b", "a"]
    assert valid_secrets(details, NOW + timedelta(seconds=61)) == ["c", "b"]


def test_however_often_it_is_rotated_few_sign() -> None:
    details = first_secret("0")
    for number in range(1, 30):
        details = rotated(details, str(number), now=NOW, overlap_seconds=60)
    assert len(valid_secrets(details, NOW)) == MOST_SECRETS
    assert valid_secrets(details, NOW)[0] == "29"


def test_what_has_ended_is_forgotten_at_the_next_rotation() -> None:
    details = rotated(first_secret("a"), "b", now=NOW, overlap_seconds=60)
    details = rotated(details, "c", now=NOW + timedelta(days=1), overlap_seconds=60)
    assert "a" not in str(details)
