"""Values that every factory shares."""

from datetime import UTC, datetime
from itertools import count

# A Wednesday, noon in UTC.
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

_numbers = count(1)


def number() -> int:
    """A number no other row of this run has."""
    return next(_numbers)
