from datetime import timedelta

import pytest

from apps.notifications.engines.recollection import Recollection
from apps.notifications.types import Told
from tests.notifications.engines.builders import NOON

Row = tuple[float, float]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def recollection(*rows: Row, most: int = 100, thing: str = "") -> Recollection:
    """What was decided at, and is told at, so many minutes; the fingerprint is its number."""
    found = Recollection(most)
    for number, (at, due) in enumerate(rows):
        found.add(NOON + minutes(at), Told(fingerprint=number, at=NOON + minutes(due)), thing)
    return found


def told(found: Recollection, since: float) -> list[int]:
    return [one.fingerprint for one in found.told_since(NOON + minutes(since))]


def test_nothing_is_recalled_of_nothing() -> None:
    assert told(recollection(), 0) == []
    assert recollection().last_word("standup", NOON) is None


def test_what_was_told_before_the_window_is_forgotten() -> None:
    assert told(recollection((0, 0), (10, 10)), 5) == [1]


@pytest.mark.parametrize("since", [-1, 60, 119.9, 120])
def test_what_was_put_off_is_recalled_once_until_the_window_after_its_turn(since: float) -> None:
    assert told(recollection((0, 120)), since) == [0]
    assert told(recollection((0, 120)), 120.1) == []


def test_of_a_flood_the_newest_are_recalled_and_of_what_waits_what_is_due_first() -> None:
    flood = recollection((0, 90), (1, 60), (2, 60), (11, 11), (12, 12), (13, 13), most=2)
    assert told(flood, 10) == [4, 5, 2, 1]


def test_a_flood_pushes_out_nothing_that_waits() -> None:
    assert told(recollection((0, 90), *((20, 20),) * 9, most=1), 10) == [9, 0]


def test_a_batch_with_an_older_clock_recalls_what_it_did_not_know_yet() -> None:
    assert told(recollection((0, 0), (40, 40)), 20) == [1]
    assert told(recollection((40, 40), (0, 0)), 0) == [1, 0]


def test_the_last_word_is_the_newest_also_where_it_still_waits() -> None:
    found = recollection((0, 120), (10, 90), thing="standup")
    assert found.last_word("standup", NOON + minutes(60)) == 1
    assert found.last_word("standup", NOON + minutes(100)) == 0
    assert found.last_word("standup", NOON + minutes(121)) is None
    assert found.last_word("retro", NOON) is None
