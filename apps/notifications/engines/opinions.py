"""What somebody said of what they were told, counted: what `engines/learning.py` learns from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.classification.types import Category, Urgency

# "Less like this" is said on purpose, a dismissal may be tidying up.
LESS_LIKE_THIS_POINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of things somebody was told. A thing has one opinion at most.

    `dismissed` are those of which they did not also say "less like this".
    """

    told: int = 0
    read: int = 0
    helpful: int = 0
    dismissed: int = 0
    less_like_this: int = 0

    @property
    def points(self) -> int:
        return self.dismissed + LESS_LIKE_THIS_POINTS * self.less_like_this

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            told=self.told + other.told,
            read=self.read + other.read,
            helpful=self.helpful + other.helpful,
            dismissed=self.dismissed + other.dismissed,
            less_like_this=self.less_like_this + other.less_like_this,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one person was told of one category and urgency by one sender.

    `sender_index` is the blind index of the sender's address, None for what nobody sent. `vip`:
    then or today. `silenced`: a silence of today drops such things.
    """

    category: Category
    urgency: Urgency
    sender_index: bytes | None
    vip: bool = False
    silenced: bool = False
    counts: Counts

    @property
    def urgent(self) -> bool:
        return self.urgency in (Urgency.HIGH, Urgency.CRITICAL)


def total(rows: Iterable[Heard]) -> Counts:
    return sum((row.counts for row in rows), start=Counts())


def points_by_place(rows: Iterable[Heard]) -> list[int]:
    """The points of each place that has any: a sender's things of one category, or what nobody sent
    of it."""
    points: Counter[tuple[Category, bytes | None]] = Counter()
    for row in rows:
        points[row.category, row.sender_index] += row.counts.points
    return [count for count in points.values() if count]


def is_one_places(rows: Iterable[Heard], least: int) -> bool:
    """Most points come from one place, or all from fewer than `least`: the narrower is right."""
    points = points_by_place(rows)
    return len(points) < least or max(points) * 2 > sum(points)


def is_some_senders(rows: Sequence[Heard], least: int) -> bool:
    """As `is_one_places`, but no silence of a sender reaches what nobody sent."""
    sent = [row for row in rows if row.sender_index is not None]
    largest = max(points_by_place(sent), default=0)
    nobodys = any(row.counts.points for row in rows if row.sender_index is None)
    few = len(points_by_place(sent)) < least and not nobodys
    return few or largest * 2 > total(rows).points
