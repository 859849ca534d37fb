from typing import Any

import pytest

from apps.notifications.engines.written_ranges import MOST_RANGES, range_problems

LUNCH = {"days": [0, 4], "start": "12:00", "end": "13:00"}


@pytest.mark.parametrize(
    "value", [None, {}, "", "[]", 0, (LUNCH,), LUNCH, [LUNCH] * (MOST_RANGES + 1)], ids=str
)
def test_what_is_no_such_list_is_wrong_as_a_whole(value: object) -> None:
    assert list(range_problems(value)) == [""]


@pytest.mark.parametrize(
    "item",
    [None, [], "12:00-13:00", {}, {"days": [0], "start": "12:00"}, {**LUNCH, "zone": "UTC"}],
    ids=str,
)
def test_a_range_without_its_three_parts_is_named_by_its_place(item: object) -> None:
    assert list(range_problems([LUNCH, item])) == ["1"]


@pytest.mark.parametrize(
    "days", [None, [], 0, "0", [7], [-1], ["0"], [True], [1.0], [None], [0, 0], [[0]], {"0": 0}]
)
def test_days_that_are_none_are_refused(days: object) -> None:
    assert list(range_problems([{**LUNCH, "days": days}])) == ["0.days"]


@pytest.mark.parametrize(
    "wall", [None, "", "24:00", "7:5", "12:00:00", " 12:00", "12:00\n", "٠٧:٠٠", 1200, ["12:00"]]
)
def test_walls_that_are_none_are_refused(wall: object) -> None:
    found = range_problems([LUNCH, {**LUNCH, "start": wall, "end": wall}])
    assert list(found) == ["1.start", "1.end"]


@pytest.mark.parametrize(
    "value",
    [
        [],
        [LUNCH] * MOST_RANGES,
        [{"days": [6, 0], "start": "22:00", "end": "06:00"}],
        [{"days": [0, 1, 2, 3, 4, 5, 6], "start": "00:00", "end": "00:00"}],
    ],
)
def test_nothing_is_wrong_with_further_quiet_hours(value: list[dict[str, Any]]) -> None:
    assert range_problems(value) == {}
