"""Regular expressions in time linear in the text, whoever wrote the pattern (RE2).

The only module that touches `re2`: everything above gets typed values, and text that is not valid
UTF-8 (a lone surrogate) is matched as if it held a question mark there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import re2

# A set of 200 patterns needs more than RE2's 8 MiB; one pattern may take its fair share of it.
SET_MEMORY_BYTES = 64 << 20
PATTERN_MEMORY_BYTES = 1 << 20

# Everything a word may end at: ASCII and Latin-1 signs, the punctuation of living scripts, symbols.
# `[^\pL\pN]` says nearly the same, but 200 patterns then take half a second to compile.
EDGE = (
    r"[\x00-/:-@\[-\x60{-©«-±´¶-¸»¿×÷\x{2C6}-\x{2DF}\x{37E}\x{387}\x{55A}-\x{55F}\x{589}\x{58A}"
    r"\x{5BE}\x{5C0}\x{5C3}\x{5F3}\x{5F4}\x{609}-\x{60D}\x{61B}-\x{61F}\x{66A}-\x{66D}\x{6D4}"
    r"\x{964}\x{965}\x{970}\x{DF4}\x{E3F}\x{E4F}\x{E5A}\x{E5B}\x{104A}-\x{104F}\x{10FB}"
    r"\x{1361}-\x{1368}\x{17D4}-\x{17D6}\x{2000}-\x{206F}\x{207A}-\x{207E}\x{208A}-\x{208E}"
    r"\x{20A0}-\x{20CF}\x{2190}-\x{245F}\x{2500}-\x{2775}\x{2794}-\x{2BFF}\x{2E00}-\x{2E7F}"
    r"\x{3000}-\x{3004}\x{3008}-\x{3020}\x{3030}\x{303D}\x{30A0}\x{30FB}\x{FE10}-\x{FE1F}"
    r"\x{FE30}-\x{FE6F}\x{FEFF}\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF20}\x{FF3B}-\x{FF40}"
    r"\x{FF5B}-\x{FF65}\x{FFE0}-\x{FFEE}\x{FFF9}-\x{FFFD}\x{1F000}-\x{1FAFF}]"
)
WORD_START = f"(?:^|{EDGE})"
WORD_END = f"(?:$|{EDGE})"


class PatternError(ValueError):
    """RE2 does not take the pattern; the message is RE2's own."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern matched, in characters: the last group that took part, else all of it."""

    start: int
    end: int
    group: str


class Pattern:
    """One compiled pattern, any case. Raises PatternError, also for a pattern too greedy."""

    def __init__(self, source: str, *, max_memory_bytes: int = PATTERN_MEMORY_BYTES) -> None:
        try:
            self._pattern: Any = _compile(source, _options(max_memory_bytes))
        except re2.error as error:
            raise PatternError(_told(error)) from error
        except UnicodeEncodeError as error:
            raise PatternError("not valid Unicode") from error
        self._names = {index: name for name, index in self._pattern.groupindex.items()}

    def found_in(self, text: str) -> bool:
        return self._pattern.search(printable(text)) is not None

    def finditer(self, text: str) -> Iterator[Found]:
        """Every match, left to right; alternatives are named by the group that took part."""
        for match in self._pattern.finditer(printable(text)):
            index = match.lastindex or 0
            start, end = match.span(index)
            yield Found(start, end, self._names.get(index, ""))

    def sub(self, replacement: str, text: str) -> str:
        return str(self._pattern.sub(lambda _match: replacement, printable(text)))


class PatternSet:
    """Many patterns, one pass over the text. Raises PatternError."""

    def __init__(self, sources: Iterable[str]) -> None:
        self._set: Any = _search_set(_options(SET_MEMORY_BYTES))
        self._empty = True
        try:
            for source in sources:
                self._set.Add(source)
                self._empty = False
            self._set.Compile()
        except re2.error as error:
            raise PatternError(_told(error)) from error
        except UnicodeEncodeError as error:
            raise PatternError("not valid Unicode") from error

    def match(self, text: str) -> list[int]:
        """The indexes of the patterns found, ascending."""
        if self._empty:
            return []
        return sorted(self._set.Match(text.encode("utf-8", "replace")) or ())


def printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def literal(words: str) -> str:
    """`words` as a pattern: nothing in it is special, any run of white space matches any other.

    Raises PatternError.
    """
    try:
        return r"\s+".join(_escape(word) for word in words.split())
    except UnicodeEncodeError as error:
        raise PatternError("not valid Unicode") from error


def _told(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    told = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return told[:200]


def _options(max_memory_bytes: int) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = max_memory_bytes
    return options


# The package carries no types.
_compile: Callable[[str, Any], Any] = re2.compile
_search_set: Callable[[Any], Any] = re2.Set.SearchSet
_escape: Callable[[str], str] = re2.escape
