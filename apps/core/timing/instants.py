"""Moments that somebody wrote down."""

from datetime import UTC, datetime, tzinfo

from apps.core.errors import InvalidInput

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def parse_instant(text: str, *, naive: tzinfo | None = None) -> datetime:
    """An ISO 8601 moment, in UTC; one without an offset is of the zone `naive`.

    In UTC because PostgreSQL takes no offset of 16 hours or more. What lies beyond the years 1 and
    9999 there becomes their first or last moment. Raises InvalidInput, also without an offset where
    `naive` is not given.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _not_an_instant() from None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=naive)
    if zoned.tzinfo is None:
        raise _not_an_instant()
    try:
        return zoned.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST


def _not_an_instant() -> InvalidInput:
    return InvalidInput("A date and time with an offset, such as 2026-03-04T12:00:00Z.")
