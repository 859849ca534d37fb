"""Further quiet hours as people write them: `[{"days": [5, 6], "start": "13:00", "end": "14:00"}]`.

What is stored was passed by here, so that nobody who judges has to ask again.
"""

from apps.core.errors import InvalidInput
from apps.core.timing import parse_wall

MOST_RANGES = 14
_NAMES = {"days", "start", "end"}
_WALLS = ("start", "end")
_DAYS = range(7)


def range_problems(value: object) -> dict[str, str]:
    """What is wrong, by place: "" the list, "1" its second range, "1.days" a part of that.

    Equal walls are a whole day; an `end` before `start` is on the next day.
    """
    if not isinstance(value, list):
        return {"": "A list of quiet hours is needed."}
    if len(value) > MOST_RANGES:
        return {"": f"At most {MOST_RANGES} of them."}
    return {
        ".".join(filter(None, (str(index), part))): problem
        for index, item in enumerate(value)
        for part, problem in _item_problems(item).items()
    }


def _item_problems(item: object) -> dict[str, str]:
    if not isinstance(item, dict) or item.keys() != _NAMES:
        return {"": "Exactly days, start and end are needed."}
    walls = {name: _wall_problem(item[name]) for name in _WALLS}
    found = {"days": _days_problem(item["days"]), **walls}
    return {part: problem for part, problem in found.items() if problem}


def _days_problem(days: object) -> str:
    if not isinstance(days, list) or not days:
        return "At least one day is needed."
    # True is 1 in Python, but no day in JSON.
    if any(type(day) is not int or day not in _DAYS for day in days):
        return "Days are whole numbers from 0 (Monday) to 6."
    return "" if len(set(days)) == len(days) else "A day is named twice."


def _wall_problem(wall: object) -> str:
    try:
        parse_wall(wall if isinstance(wall, str) else "")
    except InvalidInput as error:
        return error.detail
    return ""
