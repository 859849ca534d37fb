"""How senior a job title is, by rules an operator may edit, and what a change of it means.

A title is folded and cut into words (`titles`), then read left to right; where several phrases of
the rules begin at one word the longest wins, an exclusion before a level of the same length. So
"assistant vice president" is a vice president, and "vice president" is no president.

    marks       `;` `|` and a new line end a part of the title, so do `&` `/` "and"; a comma,
                brackets and a spaced dash only end a segment of it
    segment     this exclusion removes the levels of its own segment; alone in its segment it
                removes those of the whole part ("CEO, retired")
    rest        removes every level after it up to `;` `|` or a new line ("Assistant to the CEO")
    part        removes every level of its part ("President, Chess Club")
    neutral     no exclusion, though it contains one ("VP for Student Affairs")
    employer    after such a word, to the end of the segment, stands a company, not a rank

Of the levels left, the highest counts: "Retired CEO, now VP Sales" is a vice president.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from apps.classification.engines.title_rules import RuleBook, parse_rules
from apps.classification.engines.title_segments import Segments, Span
from apps.classification.engines.titles import Token, tokens
from apps.classification.types import Level

_RANK: Final = {Level.NONE: 0, Level.VP: 1, Level.CSUITE: 2}


class SeniorityChange(StrEnum):
    """What a new title means for a person; only the first two are worth a detection."""

    FIRST = "first"
    PROMOTION = "promotion"
    DEMOTION = "demotion"
    REMOVED = "removed"
    UNCHANGED = "unchanged"
    NOT_SENIOR = "not_senior"


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleJudgement:
    """`matched` is the phrase that gave the level, or would have but for `excluded_by`."""

    level: Level
    matched: str = ""
    excluded_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleRules:
    """One version of the rules; immutable."""

    book: RuleBook

    @classmethod
    def parse(cls, document: Any) -> "TitleRules":
        """Raises InvalidInput("invalid_rule") whose `fields` name the place in the document."""
        return cls(book=parse_rules(document))

    @property
    def version(self) -> str:
        return self.book.version

    def level(self, title: str) -> TitleJudgement:
        """The level of `title`; NONE for whoever is no vice president and above."""
        words = tokens(title)
        spans = list(_spans(self.book, words))
        ranked = sorted(
            (span for span in spans if span.rule.level is not Level.NONE),
            key=lambda span: -_RANK[span.rule.level],
        )
        segments = Segments(words, spans, self.book.employer)
        for span in ranked:
            if not segments.exclusion_of(span):
                return TitleJudgement(level=span.rule.level, matched=span.rule.phrase)
        if not ranked:
            return TitleJudgement(level=Level.NONE)
        return TitleJudgement(
            level=Level.NONE,
            matched=ranked[0].rule.phrase,
            excluded_by=segments.exclusion_of(ranked[0]),
        )


def transition(previous: Level, current: Level) -> SeniorityChange:
    """Somebody no longer senior leaves the table; coming back is a first time again."""
    if current is Level.NONE:
        return SeniorityChange.NOT_SENIOR if previous is Level.NONE else SeniorityChange.REMOVED
    if previous is Level.NONE:
        return SeniorityChange.FIRST
    if _RANK[current] == _RANK[previous]:
        return SeniorityChange.UNCHANGED
    risen = _RANK[current] > _RANK[previous]
    return SeniorityChange.PROMOTION if risen else SeniorityChange.DEMOTION


def _spans(book: RuleBook, words: Sequence[Token]) -> Iterator[Span]:
    """The rules that take the title from left to right, the longest at each place."""
    position = 0
    while position < len(words):
        taken = max(
            (
                (rule.length_at(words, position), rule)
                for rule in book.by_first.get(words[position], ())
            ),
            key=lambda item: (item[0], item[1].level is Level.NONE),
            default=(0, None),
        )
        length, rule = taken
        if length and rule is not None:
            yield Span(start=position, end=position + length, rule=rule)
        position += length or 1
