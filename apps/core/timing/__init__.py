"""Local time: quiet hours, days, months and slots that survive every change of the clocks.

Pure: `now` is an argument, results are aware datetimes in UTC.
"""

from apps.core.timing.cron import next_slot
from apps.core.timing.instants import parse_instant
from apps.core.timing.months import clamp_day, month_bounds, month_end_slot
from apps.core.timing.quiet import quiet_window
from apps.core.timing.walls import day_begin, local_day, next_wall, parse_wall, wall_to_utc
from apps.core.timing.zones import zone, zone_names

__all__ = [
    "clamp_day",
    "day_begin",
    "local_day",
    "month_bounds",
    "month_end_slot",
    "next_slot",
    "next_wall",
    "parse_instant",
    "parse_wall",
    "quiet_window",
    "wall_to_utc",
    "zone",
    "zone_names",
]
