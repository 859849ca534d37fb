"""Further quiet hours as rows of a form: days, from, until. An empty row is none."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.notifications.engines.written_ranges import MOST_RANGES, range_problems

_SPARE_ROWS = 2
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class RangesWidget(forms.Widget):
    """Reads `<name>-0-days`, `-start`, `-end` and `-remove`; a template of the page's draws it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        rows = (_typed(data, f"{name}-{index}") for index in range(MOST_RANGES))
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """No box ticked and no row filled is an answer."""
        return False


class RangesField(forms.Field):
    """What `range_problems` finds nothing wrong with."""

    widget = RangesWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> Any:
        problems = range_problems(value)
        if problems:
            raise ValidationError([*dict.fromkeys(problems.values())])
        return value


def range_rows(value: Sequence[Mapping[str, Any]], *, name: str) -> list[dict[str, Any]]:
    """Every range as a row to draw, and some to spare."""
    problems = range_problems(value)
    return [
        _row(f"{name}-{index}", dict(value[index]) if index < len(value) else {}, found)
        for index in range(min(len(value) + _SPARE_ROWS, MOST_RANGES))
        for found in ([text for place, text in problems.items() if _is_in(place, index)],)
    ]


def _row(name: str, value: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    chosen = value.get("days", [])
    return {
        "name": name,
        "stored": bool(value),
        "days": [(day, label, day in chosen) for day, label in enumerate(_DAYS)],
        "start": value.get("start", ""),
        "end": value.get("end", ""),
        "problems": problems,
    }


def _is_in(place: str, index: int) -> bool:
    return place.partition(".")[0] == str(index)


def _typed(data: Any, name: str) -> dict[str, Any]:
    if data.get(f"{name}-remove"):
        return {}
    days = [_day(text) for text in data.getlist(f"{name}-days")]
    return {"days": days, **{wall: data.get(f"{name}-{wall}", "") for wall in ("start", "end")}}


def _day(text: str) -> int | str:
    """A box's number; what is none of ours stays as it is and is refused."""
    return int(text) if text in {str(day) for day in range(len(_DAYS))} else text
