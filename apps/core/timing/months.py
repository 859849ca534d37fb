"""Months as people in a zone live them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.timing.walls import day_begin, wall_to_utc

_DAY = timedelta(days=1)


def month_bounds(year: int, month: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC bounds [begin, end) of a local month: its first 00:00 to the next month's."""
    last = clamp_day(year, month, 31)
    return day_begin(last.replace(day=1), zone), day_begin(last + _DAY, zone)


def month_end_slot(now: datetime, zone: ZoneInfo, at: time) -> datetime:
    """The next time, strictly after `now`, that it is `at` on the last local day of a month."""
    today = now.astimezone(zone).date()
    last = clamp_day(today.year, today.month, 31)
    slot = _slot(last, at, zone)
    if slot > now:
        return slot
    following = last + _DAY
    return _slot(clamp_day(following.year, following.month, 31), at, zone)


def clamp_day(year: int, month: int, day: int) -> date:
    """The date, or the month's last day when the month is shorter."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _slot(day: date, at: time, zone: ZoneInfo) -> datetime:
    return wall_to_utc(datetime.combine(day, at), zone, fold_last=False)
