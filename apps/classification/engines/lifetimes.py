"""How long a one-time password lives, as its message says."""

import re
from datetime import timedelta
from functools import cache
from typing import Any, Final

from apps.classification.engines.vocabulary import Finder, document
from apps.rules.engines.linear import Found

DEFAULT_LIFETIME: Final = timedelta(minutes=10)
SHORTEST_LIFETIME: Final = timedelta(seconds=30)
LONGEST_LIFETIME: Final = timedelta(hours=24)

_UNITS: Final = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
}
# What is told in words without a number.
_FIXED: Final = {
    "quarter_hours": timedelta(minutes=15),
    "half_hours": timedelta(minutes=30),
}
# How far from "10 minutes" the word "valid" may stand.
_REACH_BEFORE, _REACH_AFTER = 70, 45
# Decimals only after a short number: in "482913,5分" the comma ends the code.
_AMOUNT: Final = re.compile(r"((?<!\d)\d{1,2}[.,]\d{1,2}|\d{1,4}|[^\W\d_]+'?)[\s-]?\(?\)?\s?$")
# "1 hour 30 minutes", "1 hour and 30 minutes": what may stand between a unit and a smaller one.
_GOES_ON: Final = re.compile(r"[\s,]{0,2}(?:[^\W\d_]{1,3}\s)?[0-9]{1,2}[\s-]?")


def lifetime(text: str) -> timedelta:
    """The first stretch of time near a word of validity, within the limits; else the default."""
    found = list(_finder().finditer(text))
    valid = [(word.start, word.end) for word in found if word.group == "validity"]
    told = [word for word in found if word.group != "validity"]
    for index, word in enumerate(told):
        if not _is_near(word.start, word.end, valid):
            continue
        stated = _stated(text, word)
        if stated and index + 1 < len(told):
            stated += _rest(text, word, told[index + 1])
        if stated:
            return _within_limits(stated)
    return DEFAULT_LIFETIME


def _stated(text: str, word: Found) -> timedelta:
    if word.group in _FIXED:
        return _FIXED[word.group]
    return _amount(text[max(0, word.start - 20) : word.start]) * _UNITS[word.group]


def _rest(text: str, word: Found, after: Found) -> timedelta:
    """The minutes of "1 hour 30 minutes"."""
    smaller = after.group in _UNITS and _UNITS[after.group] < _UNITS.get(word.group, timedelta())
    if smaller and _GOES_ON.fullmatch(text, word.end, after.start):
        return _stated(text, after)
    return timedelta()


def _is_near(start: int, end: int, words: list[tuple[int, int]]) -> bool:
    return any(
        0 <= start - word_end <= _REACH_BEFORE or 0 <= word_start - end <= _REACH_AFTER
        for word_start, word_end in words
    )


def _amount(before: str) -> float:
    """The number at the end of `before`, in figures or as a word; 0 when there is none."""
    match = _AMOUNT.search(before)
    if match is None:
        return 0
    told = match.group(1)
    if told[0].isdigit():
        return float(told.replace(",", "."))
    return float(_words()["numbers"].get(told.casefold(), 0))


def _within_limits(stated: timedelta) -> timedelta:
    return min(max(stated, SHORTEST_LIFETIME), LONGEST_LIFETIME)


@cache
def _words() -> dict[str, Any]:
    return document("code_words")


@cache
def _finder() -> Finder:
    return Finder({name: _words()[name] for name in ("validity", *_FIXED, *_UNITS)})
