"""How long a one-time password lives, as its message says."""

import re
from datetime import timedelta
from functools import cache
from typing import Any, Final

from apps.classification.engines.vocabulary import Finder, document

DEFAULT_LIFETIME: Final = timedelta(minutes=10)
SHORTEST_LIFETIME: Final = timedelta(seconds=30)
LONGEST_LIFETIME: Final = timedelta(hours=24)

_UNITS: Final = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
}
# Half an hour is told in words without a number.
_HALF_HOURS: Final = "half_hours"
# How far from "10 minutes" the word "valid" may stand.
_REACH_BEFORE, _REACH_AFTER = 70, 45
_AMOUNT: Final = re.compile(r"(\d{1,4}|[^\W\d_]+'?)[\s-]?\(?\)?\s?$")


def lifetime(text: str) -> timedelta:
    """The first stretch of time near a word of validity, within the limits; else the default."""
    found = list(_finder().finditer(text))
    valid = [(word.start, word.end) for word in found if word.group == "validity"]
    for word in found:
        if word.group == "validity" or not _is_near(word.start, word.end, valid):
            continue
        if word.group == _HALF_HOURS:
            return timedelta(minutes=30)
        amount = _amount(text[max(0, word.start - 20) : word.start])
        if amount:
            return _within_limits(amount * _UNITS[word.group])
    return DEFAULT_LIFETIME


def _is_near(start: int, end: int, words: list[tuple[int, int]]) -> bool:
    return any(
        0 <= start - word_end <= _REACH_BEFORE or 0 <= word_start - end <= _REACH_AFTER
        for word_start, word_end in words
    )


def _amount(before: str) -> int:
    """The number at the end of `before`, in figures or as a word; 0 when there is none."""
    match = _AMOUNT.search(before)
    if match is None:
        return 0
    told = match.group(1)
    return int(told) if told.isdigit() else int(_words()["numbers"].get(told.casefold(), 0))


def _within_limits(stated: timedelta) -> timedelta:
    return min(max(stated, SHORTEST_LIFETIME), LONGEST_LIFETIME)


@cache
def _words() -> dict[str, Any]:
    return document("code_words")


@cache
def _finder() -> Finder:
    return Finder({name: _words()[name] for name in ("validity", _HALF_HOURS, *_UNITS)})
