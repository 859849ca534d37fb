"""Keyword rules: one compiled set per version of a rule list, one pass over a text."""

import unicodedata
from collections.abc import Sequence
from functools import cached_property
from typing import Final

from apps.core.errors import InvalidInput
from apps.core.hashing import digest
from apps.rules.engines.linear import (
    WORD_END,
    WORD_START,
    Pattern,
    PatternError,
    PatternSet,
    literal,
)
from apps.rules.types import KeywordEntry, KeywordHit

MAX_PATTERN_LENGTH: Final = 500

# Ordinary mail in several scripts. A pattern that finds something in all of it tells nothing.
_ORDINARY: Final = (
    "Hi Boris, could you look at page 4 of the contract before Friday? Thank you, Ana Example.\n"
    * 2,
    "Guten Tag, vielen Dank für die 2 Vorschläge. Bis morgen früh um 9 Uhr, Grüße!\n" * 2,
    "Добрый день! Ваш заказ 4711 отправлен, спасибо, что выбрали наш магазин.\n" * 2,
    "会議は午後3時に始まります。 資料を事前に確認してください。 よろしくお願いします。\n" * 3,
)
# Scripts written without spaces: a keyword there is part of a longer run of letters.
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FA),
    (0x30FC, 0x31FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)


class KeywordSet:
    """Immutable once compiled, safe to share between threads."""

    def __init__(self, entries: tuple[KeywordEntry, ...], patterns: PatternSet) -> None:
        self._entries = entries
        self._hits = tuple(
            KeywordHit(
                rule_id=entry.rule_id,
                label=entry.pattern,
                priority=entry.priority,
                category=entry.category,
            )
            for entry in entries
        )
        self._patterns = patterns

    @classmethod
    def compile(cls, entries: Sequence[KeywordEntry]) -> "KeywordSet":
        """Raises InvalidInput("invalid_regex") naming the first pattern RE2 refuses."""
        try:
            patterns = PatternSet(
                source_of(entry.pattern, is_regex=entry.is_regex) for entry in entries
            )
        except PatternError:
            for entry in entries:
                check_pattern(entry.pattern, is_regex=entry.is_regex)
            raise _invalid("The patterns together are too large.") from None
        return cls(tuple(entries), patterns)

    @cached_property
    def version(self) -> bytes:
        """32 bytes, other ones as soon as any rule of the list is another."""
        return digest(*(part for entry in self._entries for part in _parts(entry)))

    def match(self, text: str) -> tuple[KeywordHit, ...]:
        """Every entry found in `text`, in the order the entries were given."""
        if not self._hits:
            return ()
        return tuple(self._hits[index] for index in self._patterns.match(_composed(text)))


def _parts(entry: KeywordEntry) -> tuple[str | int, ...]:
    return str(entry.rule_id), entry.pattern, int(entry.is_regex), entry.priority, entry.category


def check_pattern(pattern: str, *, is_regex: bool) -> None:
    """Raises InvalidInput("invalid_regex", fields={"pattern": why}) for a useless pattern."""
    if not pattern.strip():
        raise _invalid("The pattern is empty.")
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise _invalid(f"The pattern is longer than {MAX_PATTERN_LENGTH} characters.")
    try:
        source = source_of(pattern, is_regex=is_regex)
        compiled = Pattern(source)
        PatternSet([source])  # Room enough alone is not room enough in a set.
    except PatternError as error:
        raise _invalid(f"Not a pattern RE2 accepts: {error}.") from error
    if compiled.found_in(""):
        raise _invalid("The pattern matches the empty text.")
    if all(compiled.found_in(text) for text in _ORDINARY):
        raise _invalid("The pattern matches every message.")


def source_of(pattern: str, *, is_regex: bool) -> str:
    """The RE2 source of an entry: a regex as it is, anything else as whole words.

    Raises PatternError for what holds nothing to look for.
    """
    words = _composed(pattern).strip()
    if not words:
        raise PatternError("it is empty")
    if is_regex:
        return _composed(pattern)
    start = "" if _is_unspaced(words[0]) else WORD_START
    end = "" if _is_unspaced(words[-1]) else WORD_END
    return f"{start}{literal(words)}{end}"


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _invalid(why: str) -> InvalidInput:
    return InvalidInput(why, code="invalid_regex", fields={"pattern": why})
