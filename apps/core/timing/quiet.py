"""Quiet hours: nights that never shrink when the clocks change."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.timing.walls import wall_to_utc

# Latest first. Tomorrow's has begun already where clocks go back over midnight.
_NIGHTS = (1, 0, -1)


def quiet_window(
    now: datetime, start: time, end: time, zone: ZoneInfo, days: Collection[int] | None = None
) -> tuple[datetime, datetime] | None:
    """The UTC bounds [begin, end) of the quiet night that contains `now`, or None.

    A night begins at the first `start` of its date and lasts to the second `end`, the next day
    when `end` is not after `start` on the clock; skipped times become the end of the gap. Of two
    nights that overlap it is the later. Equal times make no night: whoever stores them refuses
    them, since "all day" and "never" look the same. With `days`, the weekdays (0 is Monday) a
    night begins on, they can only mean all day.
    """
    if start == end and days is None:
        return None
    today = now.astimezone(zone).date()
    overnight = timedelta(days=1 if end <= start else 0)
    for ahead in _NIGHTS:
        night = today + timedelta(days=ahead)
        if days is not None and night.weekday() not in days:
            continue
        begins = wall_to_utc(datetime.combine(night, start), zone, fold_last=False)
        ends = wall_to_utc(datetime.combine(night + overnight, end), zone, fold_last=True)
        if begins <= now < ends:
            return begins, ends
    return None
