"""Wall-clock times to instants, with an answer for the hours that do not exist or come twice."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.errors import InvalidInput

_WALL = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
# A week, and days enough around it for a zone that skips one.
_SEARCHED_DAYS = 9


def parse_wall(text: str) -> time:
    """The time of day "00:00" to "23:59", by the letter. Raises InvalidInput."""
    if not _WALL.fullmatch(text):
        raise InvalidInput('A time such as "08:30" is needed.')
    return time.fromisoformat(text)


def wall_to_utc(wall: datetime, zone: ZoneInfo, *, fold_last: bool) -> datetime:
    """The instant, in UTC, at which clocks in the zone show the naive `wall`.

    A time that is skipped becomes the end of the gap; of one that comes twice the first is meant,
    or the second with `fold_last`.
    """
    before = _offset(wall, zone, fold=0)
    after = _offset(wall, zone, fold=1)
    if before < after:
        return _end_of_gap(wall, zone, before, after)
    return (wall - (after if fold_last else before)).replace(tzinfo=UTC)


def next_wall(now: datetime, wall: time, zone: ZoneInfo, weekday: int | None = None) -> datetime:
    """The next time, strictly after `now`, that clocks show `wall`, in UTC.

    On `weekday` only (Monday is 0) when it is given. Every day has it once: at the end of the gap
    when it is skipped, the first time when it comes twice. Raises InvalidInput (invalid_weekday).
    """
    if weekday is not None and not 0 <= weekday <= 6:
        raise InvalidInput(
            "A weekday is 0 to 6", code="invalid_weekday", fields={"weekday": "0 to 6"}
        )
    today = now.astimezone(zone).date()
    days = (today + ahead * _DAY for ahead in range(_SEARCHED_DAYS))
    slots = (
        wall_to_utc(datetime.combine(day, wall), zone, fold_last=False)
        for day in days
        if weekday is None or day.weekday() == weekday
    )
    return next(slot for slot in slots if slot > now)


def local_day(now: datetime, zone: ZoneInfo) -> tuple[date, datetime, datetime]:
    """The date in the zone and the UTC bounds [begin, end) of that day, at most 26 hours apart."""
    today = now.astimezone(zone).date()
    return today, day_begin(today, zone), day_begin(today + _DAY, zone)


def day_begin(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, in UTC; clocks need not show midnight then."""
    return wall_to_utc(datetime.combine(day, time.min), zone, fold_last=False)


def _offset(wall: datetime, zone: ZoneInfo, *, fold: int) -> timedelta:
    offset = wall.replace(tzinfo=zone, fold=fold).utcoffset()
    return offset if offset is not None else timedelta(0)


def _end_of_gap(wall: datetime, zone: ZoneInfo, before: timedelta, after: timedelta) -> datetime:
    """The transition, found to the second: it lies between the two readings of the wall."""
    low = (wall - after).replace(microsecond=0, tzinfo=UTC)
    high = (wall - before).replace(microsecond=0, tzinfo=UTC) + _SECOND
    while high - low > _SECOND:
        middle = low + (high - low) // _SECOND // 2 * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
