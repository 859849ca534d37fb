"""Word lists kept as data, and the linear-time patterns made of them.

An entry is a whole word or phrase in any case. A space in it stands for a space, a hyphen or
nothing; a trailing `*` allows any ending. Words of scripts without spaces are found anywhere.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from apps.core.hashing import digest
from apps.rules.engines.linear import (
    SET_MEMORY_BYTES,
    WORD_END,
    WORD_START,
    Found,
    Pattern,
    literal,
)

# Zero-width and direction marks, soft hyphen, variation selectors: invisible, so made to hide.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
# Where the ten digits of a script begin: Arabic, Persian, Devanagari, Bengali, Thai.
_ZEROS: Final = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50)
_ALIKE: Final = str.maketrans("‘’‛`´‐‑‒–—", "'''''-----") | {
    zero + value: str(value) for zero in _ZEROS for value in range(10)
}
# From here on the code charts hold scripts written without spaces.
FIRST_UNSPACED: Final = "\u2e80"
_LATIN_END: Final = "\u02ff"
_OPEN, _WHOLE, _ANYWHERE = "open", "whole", "anywhere"
_NEVER: Final = r"[^\x00-\x{10FFFF}]"


def document(name: str) -> dict[str, Any]:
    """The packaged JSON document `data/<name>.json` of this app."""
    loaded: dict[str, Any] = json.loads(_packaged(name))
    return loaded


@cache
def vocabulary_version() -> bytes:
    """32 bytes, other ones as soon as any of the words by which texts are read is another."""
    return digest(*map(_packaged, ("code_words", "wording")))


def _packaged(name: str) -> str:
    file = resources.files("apps.classification") / "data" / f"{name}.json"
    return file.read_text(encoding="utf-8")


def plain(text: str) -> str:
    """`text` as a reader sees it: no invisible characters, one form per letter, digit and mark."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_ALIKE)


class Finder:
    """Finds the words of several named lists; where two begin together, the earlier list wins."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._pattern = Pattern(_source(lists), max_memory_bytes=SET_MEMORY_BYTES)

    def finditer(self, text: str) -> Iterator[Found]:
        for found in self._pattern.finditer(text):
            name, ending = found.group.rsplit("_", 1)
            if ending == _OPEN:
                yield Found(found.start, word_end(text, found.end), name)
            elif ending == _ANYWHERE or word_end(text, found.end) == found.end:
                yield Found(found.start, found.end, name)


def word_end(text: str, position: int) -> int:
    """Where the word that `position` is in, or at the end of, is over."""
    while position < len(text) and _is_spaced_letter(text[position]):
        position += 1
    return position


def _is_spaced_letter(character: str) -> bool:
    """Also a mark on a letter: vowels of Indic and Thai words are such marks."""
    if character >= FIRST_UNSPACED:
        return False
    return character.isalpha() or (
        character > _LATIN_END and unicodedata.category(character).startswith("M")
    )


def presence(words: Iterable[str]) -> str:
    """A pattern for a `PatternSet`, found in every text that holds one of `words`."""
    listed = list(words)
    spaced = [word for word in listed if word[0] < FIRST_UNSPACED]
    opened = _either(_phrase(word[:-1]) for word in spaced if word[-1] == "*")
    whole = _either(_phrase(word) for word in spaced if word[-1] != "*")
    anywhere = _either(_phrase(word) for word in listed if word[0] >= FIRST_UNSPACED)
    return f"{WORD_START}(?:{opened}|(?:{whole}){WORD_END})|{anywhere}"


def _source(lists: Mapping[str, Iterable[str]]) -> str:
    at_start, anywhere = [], []
    for name, words in lists.items():
        listed = sorted(words, key=len, reverse=True)
        spaced = [word for word in listed if word[0] < FIRST_UNSPACED]
        at_start.append(_group(name, _OPEN, (w.removesuffix("*") for w in spaced if w[-1] == "*")))
        at_start.append(_group(name, _WHOLE, (word for word in spaced if word[-1] != "*")))
        anywhere.append(_group(name, _ANYWHERE, (w for w in listed if w[0] >= FIRST_UNSPACED)))
    return f"{WORD_START}(?:{_either(at_start)})|{_either(anywhere)}"


def _group(name: str, ending: str, words: Iterable[str]) -> str:
    sources = [_phrase(word) for word in words]
    return f"(?P<{name}_{ending}>{_either(sources)})" if sources else ""


def _phrase(word: str) -> str:
    return r"[\s\-]{0,2}".join(literal(part) for part in word.split())


def _either(sources: Iterable[str]) -> str:
    return "|".join(filter(None, sources)) or _NEVER
