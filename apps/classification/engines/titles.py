"""A job title as its writer meant it: one spelling per word, and the marks between its parts."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from apps.classification.engines.vocabulary import FIRST_UNSPACED, plain

MAX_TITLE_LENGTH: Final = 300

# Cyrillic and Greek letters whose capitals look like Latin ones, after case folding.
_LOOKALIKES: Final = str.maketrans(
    "авсеіјкмнорѕтухԁԛһԝѵαβεζηικμνορτυχ", "abceijkmhopstyxdqhwvabezhikmnoptyx"
)
_SPACED: Final = rf"[^\W_{FIRST_UNSPACED}-\U0003ffff]+"
_TOKEN: Final = re.compile(rf"[{FIRST_UNSPACED}-\U0003ffff]|{_SPACED}|[\n;|,()&+/•·@:]|\s-+\s")
_LONE_LETTERS: Final = re.compile(r"\b[a-z](?:\.\s?|\s)(?:[a-z](?:\.\s?|\s))*[a-z]\b\.?")
_POSSESSIVE: Final = re.compile(r"'s?\b")
_AND: Final = frozenset({"and", "und", "et", "y", "e", "en", "i", "och", "и", "та"})


class Mark(IntEnum):
    """What stands between two words: the greater, the deeper the cut."""

    NONE = 0
    COMMA = 1
    AND = 2
    PART = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word, or a mark (then `word` is "")."""

    word: str
    mark: Mark = Mark.NONE


def tokens(title: str) -> tuple[Token, ...]:
    """At most 300 characters of a title, cut into words and marks.

    Case, accents, width, invisible characters, dots in initials and hyphens make no difference; a
    word that only uses letters looking like Latin ones is read as Latin. Every character of a
    script without spaces is a word.
    """
    folded = _without_accents(plain(title[:MAX_TITLE_LENGTH]).casefold())
    joined = _LONE_LETTERS.sub(_join, _POSSESSIVE.sub("", folded))
    found = _TOKEN.findall(joined)
    foreign = {word for word in found if word.isalpha() and not _has_latin(word)}
    return tuple(_token(part, alone=len(foreign) == 1) for part in found)


def _token(found: str, *, alone: bool) -> Token:
    if found in {"\n", ";", "|"}:
        return Token("", Mark.PART)
    if found in {"&", "+", "/", "•", "·"} or found in _AND:
        return Token("", Mark.AND)
    if found == "@":
        return Token(found)
    if not found.isalnum():
        return Token("", Mark.COMMA)
    return Token(_latin(found, alone=alone))


def _latin(word: str, *, alone: bool) -> str:
    """A word of a foreign script stays foreign among others: "СТО" is also a Russian word."""
    if word.isascii() or not (alone or _has_latin(word)):
        return word
    folded = word.translate(_LOOKALIKES)
    return folded if folded.isascii() else word


def _has_latin(word: str) -> bool:
    return any(character.isascii() for character in word)


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(mark for mark in apart if not _is_latin_accent(mark))
    return unicodedata.normalize("NFC", bare).replace("ł", "l").replace("ø", "o")


def _is_latin_accent(character: str) -> bool:
    return "\u0300" <= character <= "\u036f" and character != "\u0306"


def _join(match: re.Match[str]) -> str:
    return "".join(filter(str.isalpha, match.group()))
