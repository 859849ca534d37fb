"""Words of what mattered more than the rules knew, told without pointing at anybody.

A word counts once for each event. Only words that are mostly written in lower case are told: any
other may be somebody's name, as may every word of a script without capitals.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from apps.classification.engines.vocabulary import document, plain, presence
from apps.rules.engines.keywords import KeywordSet
from apps.rules.engines.linear import PatternSet

# What fewer events or senders say may be one person's affair.
EVENTS_AT_LEAST: Final = 3
SENDERS_AT_LEAST: Final = 2
# How many times more frequent than in ordinary events a word must be to tell anything.
TIMES_AT_LEAST: Final = 3.0
LISTED_AT_MOST: Final = 20
MAX_CHARACTERS: Final = 4_000

# A word that stands in so many ordinary events makes no phrase: "the merger".
_COMMON: Final = 0.2
_WORD_MIN, _WORD_MAX = 3, 30
_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ADDRESS: Final = re.compile(r"[\d@/\\_]|\w\.\w")
_AROUND: Final = "\"'“”„«»‚‘’()[]{}<>*_.,;:!?…-–—|"
_CUTS: Final = tuple('"”»)]}.,;:!?…-–—|')
_CODE_LISTS: Final = ("blocked", "strong", "weak", "commerce", "context")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What one event says; `sender` tells writers apart, `keywords` are the rules it met."""

    text: str
    sender: str
    keywords: KeywordSet


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """In how many of the raised events it stands, and how many `times` as often as elsewhere."""

    words: str
    events: int
    times: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWords:
    """Most telling first. `raised` and `ordinary` are the events that were compared; `kept_back`
    counts words that tell as much, but may be a name or one sender's alone.
    """

    raised: int = 0
    ordinary: int = 0
    words: tuple[UnknownWord, ...] = ()
    kept_back: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    """`lower` are the words that stand there in lower case."""

    passage: Passage
    terms: frozenset[str]
    lower: frozenset[str]


def unknown_words(
    raised: Sequence[Passage], ordinary: Sequence[Passage], *, private: Set[str]
) -> UnknownWords:
    """Words and pairs of words of `raised` that neither a keyword nor our own lists know.

    `private` are case-folded words that are never told: parts of names and addresses.
    """
    reads = [_read(passage) for passage in raised]
    others = [_read(passage) for passage in ordinary]
    background = _Background(reads, others)
    telling = [term for term in _several(reads) if background.times(term) >= TIMES_AT_LEAST]
    told: list[UnknownWord] = []
    kept_back = 0
    for term in telling:
        if background.pads(term) or _is_known(term):
            continue
        unheard = [read.passage for read in reads if term in read.terms]
        unheard = [passage for passage in unheard if not passage.keywords.match(term)]
        if len(unheard) < EVENTS_AT_LEAST:
            continue
        if _is_private(term, private, background) or not _by_several(unheard):
            kept_back += " " not in term
            continue
        told.append(background.word(term, events=len(unheard)))
    return UnknownWords(
        raised=len(reads), ordinary=len(others), words=_most_telling(told), kept_back=kept_back
    )


def name_words(texts: Iterable[str]) -> frozenset[str]:
    """Every word of names and addresses, as `private` needs them."""
    return frozenset(word for text in texts for word in _LETTERS.findall(plain(text).casefold()))


class _Background:
    """How often a word stands in raised and in ordinary events."""

    def __init__(self, raised: Sequence[_Read], ordinary: Sequence[_Read]) -> None:
        self._raised, self._ordinary = len(raised), len(ordinary)
        self._counts = Counter(term for read in raised for term in read.terms)
        self._elsewhere = Counter(term for read in ordinary for term in read.terms)
        self._lower = Counter(word for read in (*raised, *ordinary) for word in read.lower)

    def times(self, term: str) -> float:
        """Half an event is added on both sides, so that little is never taken for a lot."""
        return (self._counts[term] + 0.5) / (self._raised + 1) / self._share(term)

    def pads(self, term: str) -> bool:
        """Whether a common word takes part in a phrase."""
        words = term.split(" ")
        return len(words) > 1 and any(self._share(word) >= _COMMON for word in words)

    def is_mostly_lower(self, word: str) -> bool:
        return 2 * self._lower[word] > self._counts[word] + self._elsewhere[word]

    def word(self, term: str, *, events: int) -> UnknownWord:
        return UnknownWord(words=term, events=events, times=round(self.times(term), 1))

    def _share(self, term: str) -> float:
        return (self._elsewhere[term] + 0.5) / (self._ordinary + 1)


def _read(passage: Passage) -> _Read:
    terms, lower = set[str](), set[str]()
    for run in _runs(plain(passage.text[:MAX_CHARACTERS])):
        folded = [word.casefold() for word in run]
        terms.update(folded, map(" ".join, pairwise(folded)))
        lower.update(word.casefold() for word in run if word.islower())
    return _Read(passage, frozenset(terms), frozenset(lower))


def _runs(text: str) -> Iterator[list[str]]:
    """Words that stand side by side; a mark, a number or an address ends a run."""
    run: list[str] = []
    for piece in text.split():
        word = piece.strip(_AROUND)
        sound = _WORD.fullmatch(word) and _WORD_MIN <= len(word) <= _WORD_MAX
        if not sound or _ADDRESS.search(piece):
            yield run
            run = []
            continue
        run.append(word)
        if piece.endswith(_CUTS):
            yield run
            run = []
    yield run


def _several(reads: Sequence[_Read]) -> list[str]:
    counts = Counter(term for read in reads for term in read.terms)
    return sorted(term for term, events in counts.items() if events >= EVENTS_AT_LEAST)


def _is_known(term: str) -> bool:
    return bool(_vocabulary().match(term))


def _is_private(term: str, private: Set[str], background: _Background) -> bool:
    parts = _LETTERS.findall(term)
    lower = all(background.is_mostly_lower(word) for word in term.split(" "))
    return not lower or not private.isdisjoint(parts)


def _by_several(passages: Sequence[Passage]) -> bool:
    return len({passage.sender for passage in passages}) >= SENDERS_AT_LEAST


def _most_telling(found: Sequence[UnknownWord]) -> tuple[UnknownWord, ...]:
    """A word that is never told without its phrase is left to the phrase."""
    inside = {(part, one.events) for one in found if " " in one.words for part in one.words.split()}
    kept = [one for one in found if (one.words, one.events) not in inside]
    kept.sort(key=lambda one: (-one.events * math.log(one.times), one.words))
    return tuple(kept[:LISTED_AT_MOST])


@cache
def _vocabulary() -> PatternSet:
    """Every word by which our own reading of a text is led."""
    wording, codes = document("wording"), document("code_words")
    lists = [*wording["marks"].values(), *(topic["words"] for topic in wording["topics"].values())]
    return PatternSet(map(presence, [*lists, *(codes[name] for name in _CODE_LISTS)]))
