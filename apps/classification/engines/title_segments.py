"""Which exclusion of a title reaches which level (the words are explained in `seniority`)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from apps.classification.engines.title_rules import Rule, Scope
from apps.classification.engines.titles import Mark, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The words [start, end) of a title that one rule took."""

    start: int
    end: int
    rule: Rule


class Segments:
    """A title with its cuts; a mark inside a span (a comma in a chief's area) cuts nothing."""

    def __init__(self, words: Sequence[Token], spans: Sequence[Span], employer: Set[str]) -> None:
        self._words = words
        self._exclusions = [span for span in spans if span.rule.scopes]
        self._taken = {place for span in spans for place in range(span.start, span.end)}
        self._employer = employer

    def exclusion_of(self, level: Span) -> str:
        """The phrase that removes `level`, "" when it stands."""
        segment = self._bounds(level.start, Mark.COMMA)
        part = self._bounds(level.start, Mark.AND)
        for place in range(segment[0], level.start):
            if self._words[place].word in self._employer:
                return self._words[place].word
        for exclusion in self._exclusions:
            if self._reaches(exclusion, level, segment, part):
                return exclusion.rule.phrase
        return ""

    def _reaches(
        self, exclusion: Span, level: Span, segment: tuple[int, int], part: tuple[int, int]
    ) -> bool:
        scopes = exclusion.rule.scopes
        in_segment = segment[0] <= exclusion.start < segment[1]
        in_part = part[0] <= exclusion.start < part[1]
        near = in_segment or (in_part and self._is_alone(exclusion))
        before = exclusion.end <= level.start
        return (
            (Scope.SEGMENT in scopes and near and self._is_rank(exclusion))
            or (Scope.PART in scopes and in_part)
            or (Scope.REST in scopes and before and not self._cut_between(exclusion, level))
        )

    def _is_rank(self, exclusion: Span) -> bool:
        """Whether it speaks of the person: after "at" it is in a company's name."""
        start, _ = self._bounds(exclusion.start, Mark.COMMA)
        return not any(
            self._words[at].word in self._employer for at in range(start, exclusion.start)
        )

    def _is_alone(self, exclusion: Span) -> bool:
        """Whether its segment holds exclusions and nothing else."""
        start, end = self._bounds(exclusion.start, Mark.COMMA)
        excluded = {at for span in self._exclusions for at in range(span.start, span.end)}
        return all(place in excluded for place in range(start, end))

    def _cut_between(self, exclusion: Span, level: Span) -> bool:
        return any(self._cuts(place, Mark.PART) for place in range(exclusion.end, level.start))

    def _bounds(self, place: int, mark: Mark) -> tuple[int, int]:
        """The words around `place` up to the nearest cuts at least as deep as `mark`."""
        start, end = place, place
        while start > 0 and not self._cuts(start - 1, mark):
            start -= 1
        while end < len(self._words) and not self._cuts(end, mark):
            end += 1
        return start, end

    def _cuts(self, place: int, mark: Mark) -> bool:
        return place not in self._taken and self._words[place].mark >= mark
