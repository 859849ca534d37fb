"""Job titles and words that no rule knew, told without pointing at anybody."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.classification.engines.seniority import TitleRules
from apps.classification.engines.titles import tokens
from apps.classification.types import Level

# A title that fewer people bear may hold a name, or be one person's alone.
BEARERS_AT_LEAST = 2
LISTED_AT_MOST = 20
_WORD_MIN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownTitles:
    """Most frequent first, in folded spelling; `kept_back` counts titles of too few people."""

    judged: int = 0
    unknown: int = 0
    titles: tuple[tuple[str, int], ...] = ()
    words: tuple[tuple[str, int], ...] = ()
    kept_back: int = 0


def unknown_titles(titles: Iterable[tuple[TitleRules, str]]) -> UnknownTitles:
    """`titles` are one for each person, with the rules of that person's business.

    A title counts as unknown when no phrase of the rules is in it, so neither a level nor an
    exclusion was found.
    """
    judged, counts, words = 0, Counter[str](), Counter[str]()
    for rules, title in titles:
        judged += 1
        found = rules.level(title)
        spelled = _spelled(title)
        if found.level is Level.NONE and not found.matched and spelled:
            counts[" ".join(spelled)] += 1
            words.update({word for word in spelled if len(word) >= _WORD_MIN})
    return UnknownTitles(
        judged=judged,
        unknown=counts.total(),
        titles=_most_frequent(counts),
        words=_most_frequent(words),
        kept_back=sum(count < BEARERS_AT_LEAST for count in counts.values()),
    )


def _spelled(title: str) -> Sequence[str]:
    return [token.word for token in tokens(title) if token.word]


def _most_frequent(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    borne = (item for item in counts.items() if item[1] >= BEARERS_AT_LEAST)
    return tuple(sorted(borne, key=lambda item: (-item[1], item[0]))[:LISTED_AT_MOST])
