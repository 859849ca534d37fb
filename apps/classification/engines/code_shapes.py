"""What a one-time password can look like: every candidate in a text, judged by its shape alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from apps.classification.engines.vocabulary import FIRST_UNSPACED
from apps.rules.engines.linear import Pattern

# Groups of digits by which people write one code: 123 456, 12 34 56, 1234 5678.
_GROUPINGS: Final = frozenset({(3, 3), (2, 2, 2), (4, 4), (2, 3), (3, 2), (3, 3, 3)})
_SHORTEST, _LONGEST = 4, 8
# By RFC 8628 a code of letters has no vowels, so that it is no word.
_CONSONANTS: Final = "BCDFGHJKLMNPQRSTVWXZ"
_LETTERS: Final = rf"[{_CONSONANTS}]{{3,4}}-[{_CONSONANTS}]{{3,4}}|[{_CONSONANTS}]{{6,8}}"
_TOKEN: Final = Pattern(
    r"[0-9]{3}[.·][0-9]{3}|[A-Za-z-]*[0-9][0-9A-Za-z-]*(?: [0-9]+)*" rf"|{_LETTERS}"
)
_DOTTED: Final = re.compile(r"\d{3}[.·]\d{3}")
_OF_LETTERS: Final = re.compile(_LETTERS)
_NO_CODE_AFTER: Final = frozenset("+$€£¥₹₽₩₺#№&_@=~")
_NO_CODE_BEFORE: Final = frozenset("%€$£₽₺₩¥°_@&#")
_JOINS_DIGITS: Final = frozenset(".,:/")
# "482913,10分钟内有效": a comma that begins the lifetime, not the cents.
_LIFETIME_AFTER: Final = re.compile(r",\d{1,3}\s?(?:分|秒|小|時|시|분|초)")
# A word with a number at its end: SAVE20, COVID19. Such a thing is a slogan.
_SLOGAN: Final = re.compile(r"[A-Za-z]{3,}\d{1,3}")
_MEASURE: Final = re.compile(r"\d+(?:st|nd|rd|th|[ap]m|[a-z]{1,3}|KB|MB|GB|TB|KG|KM|EUR|USD)")
_PREFIXED: Final = re.compile(r"[A-Z]-\d{4,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`plain` is False for what may as well be something else: a year, a date, letters.

    One that is `dotted` ("482.913") may as well be an amount.
    """

    value: str
    start: int
    end: int
    digits_only: bool
    plain: bool
    dotted: bool = False

    @property
    def letters_only(self) -> bool:
        return not any(map(str.isdigit, self.value))


def candidates(text: str) -> Iterator[Candidate]:
    """Left to right, never overlapping."""
    for found in _TOKEN.finditer(text):
        raw = text[found.start : found.end]
        start = found.start + len(raw) - len(raw.lstrip("-"))
        candidate = _candidate(raw.strip("-"), start)
        if candidate is not None and not _touches(text, candidate):
            yield candidate


def _candidate(raw: str, start: int) -> Candidate | None:
    if _DOTTED.fullmatch(raw):
        return _grouped_by_a_dot(raw, start)
    first = raw.split(" ", 1)[0]
    if not first.replace("-", "").isdigit():
        return _lettered(first, start)
    groups = re.split("[ -]", raw)
    value = _digits(groups)
    if value is None:
        return None
    length = len(raw) if len(value) == sum(map(len, groups)) else len(first)
    return Candidate(
        value=value,
        start=start,
        end=start + length,
        digits_only=True,
        plain=not (length == len(value) and _is_date(value)),
    )


def _grouped_by_a_dot(raw: str, start: int) -> Candidate:
    value = raw[:3] + raw[4:]
    end = start + len(raw)
    return Candidate(value=value, start=start, end=end, digits_only=True, plain=True, dotted=True)


def _digits(groups: list[str]) -> str | None:
    lengths = tuple(map(len, groups))
    if len(groups) == 1:
        return groups[0] if _SHORTEST <= lengths[0] <= _LONGEST else None
    if lengths in _GROUPINGS or (set(lengths) == {1} and _SHORTEST <= len(groups) <= _LONGEST):
        return "".join(groups)
    if len(groups) == 2 and 6 <= lengths[0] <= _LONGEST and lengths[1] <= 2:
        return groups[0]  # "482913 10 minutes": the second number is not part of it.
    return None


def _lettered(token: str, start: int) -> Candidate | None:
    if not (_PREFIXED.fullmatch(token) or _OF_LETTERS.fullmatch(token) or _is_mixed(token)):
        return None
    return Candidate(
        value=token, start=start, end=start + len(token), digits_only=False, plain=False
    )


def _is_mixed(token: str) -> bool:
    compact = token.replace("-", "")
    parts = token.split("-")
    if not 5 <= len(compact) <= 10 or len(parts) > 3 or min(map(len, parts)) < 2:
        return False
    if _SLOGAN.fullmatch(token) or _MEASURE.fullmatch(token):
        return False
    digits = sum(character.isdigit() for character in compact)
    return compact.isupper() or 2 <= digits < len(compact)


def _is_date(digits: str) -> bool:
    if len(digits) == 4:
        return 1900 <= int(digits) <= 2099
    return len(digits) == 8 and (_is_day(digits[4:]) and digits[:2] in {"19", "20"})


def _is_day(month_and_day: str) -> bool:
    return 1 <= int(month_and_day[:2]) <= 12 and 1 <= int(month_and_day[2:]) <= 31


def _touches(text: str, candidate: Candidate) -> bool:
    """Whether a neighbour makes it a price, a part of a date, of an address or of a word."""
    before = text[max(0, candidate.start - 2) : candidate.start]
    after = text[candidate.end : candidate.end + 2]
    if before and (before[-1] in _NO_CODE_AFTER or _is_letter(before[-1])):
        return True
    if after and (after[0] in _NO_CODE_BEFORE or _is_letter(after[0])):
        return True
    joined_before = before[-1:] in _JOINS_DIGITS and before[:1].isdigit()
    joined_after = after[:1] in _JOINS_DIGITS and after[1:].isdigit()
    if joined_after and _LIFETIME_AFTER.match(text, candidate.end):
        joined_after = False
    return bool(before[1:] and joined_before) or bool(after[1:] and joined_after)


def _is_letter(character: str) -> bool:
    return character.isalpha() and character < FIRST_UNSPACED
