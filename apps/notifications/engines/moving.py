"""What waited was due at another moment after all: as it was moved, or set aside, in its time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Generic, TypeVar

What = TypeVar("What")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """At `at` the moment through `channel` was changed from `was`; `becomes` None is never."""

    at: datetime
    channel: str
    was: datetime
    becomes: datetime | None


@dataclass(slots=True)
class Moves(Generic[What]):
    """Those to come, each with what it moves, in the order in which they happened."""

    _heap: list[tuple[datetime, int, Move, What]] = field(default_factory=list)
    _count: int = 0

    def add(self, move: Move, what: What) -> None:
        heappush(self._heap, (move.at, self._count, move, what))
        self._count += 1

    def until(self, now: datetime) -> Iterator[tuple[Move, What]]:
        """Each once: what had happened by `now`."""
        while self._heap and self._heap[0][0] <= now:
            _, _, move, what = heappop(self._heap)
            yield move, what
