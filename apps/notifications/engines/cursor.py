"""Places in somebody's inbox: where a page ends, and how far a live connection has come."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

# Rows become visible later than the moment they bear, and out of order: what is this much older is
# looked at once more. A drain's round takes less, lock waits and statement time-outs included.
OVERLAP = timedelta(seconds=15)

_TEXT = re.compile(r"([0-9]{1,17})-([0-9a-f]{32})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cursor:
    """A row by the moment it is sorted by and, among equals, its public id.

    >>> str(Cursor(at=_EPOCH, public_id=UUID(int=7)))
    '0-00000000000000000000000000000007'
    """

    at: datetime
    public_id: UUID

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.public_id.hex}"


def beginning(at: datetime) -> Cursor:
    """Before every row of that moment."""
    return Cursor(at=at, public_id=UUID(int=0))


def parse_cursor(text: str) -> Cursor | None:
    """The inverse of `str`; None for anything else."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    return Cursor(at=_EPOCH + int(match[1]) * _MICROSECOND, public_id=UUID(hex=match[2]))


@dataclass(slots=True)
class Position:
    """How far one connection was told: up to `cursor`; `known` are those of the overlap before."""

    cursor: Cursor
    known: dict[UUID, datetime] = field(default_factory=dict)

    @property
    def since(self) -> datetime:
        """From here on rows are read again; those in `known` are left out."""
        return self.cursor.at - OVERLAP

    def note(self, told: Iterable[Cursor]) -> None:
        """Remember these, and forget what lies before the overlap. Never moves back."""
        for cursor in told:
            self.known[cursor.public_id] = cursor.at
            self.cursor = max(self.cursor, cursor)
        since = self.since
        self.known = {key: at for key, at in self.known.items() if at >= since}
