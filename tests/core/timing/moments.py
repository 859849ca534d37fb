"""Zones, and minutes in them that are often near a change of the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from apps.core.timing import zone, zone_names

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 3 * 365

AWKWARD = [
    "America/New_York",
    "America/Havana",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "America/Nuuk",
    "Antarctica/Troll",
]
ZONES = (st.sampled_from(AWKWARD) | st.sampled_from(sorted(zone_names()))).map(zone)
# Clocks change between midnight and three, so half of the times are there.
WALLS = st.builds(time, st.integers(0, 3) | st.integers(0, 23), st.integers(0, 59))


def instant(text: str) -> datetime:
    """`2026-03-08T03:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@cache
def change_days(place: ZoneInfo) -> list[datetime]:
    """Midnights in UTC after which the offset changes within a day; the first day if none."""
    midnights = [FIRST + number * DAY for number in range(DAYS)]
    changes = [
        midnight
        for midnight in midnights
        if midnight.astimezone(place).utcoffset() != (midnight + DAY).astimezone(place).utcoffset()
    ]
    return changes or [FIRST]


@st.composite
def moments(draw: st.DrawFn) -> tuple[ZoneInfo, datetime]:
    """A zone and a minute in 2025 to 2027, every other time within a day of a change."""
    place = draw(ZONES)
    change = draw(st.sampled_from(change_days(place)))
    near = st.integers(-1, 1).map(lambda days: change + days * DAY)
    anywhere = st.integers(0, DAYS - 1).map(lambda days: FIRST + days * DAY)
    return place, draw(near | anywhere) + draw(st.integers(0, 1439)) * MINUTE


class WallTable:
    """The wall clock of one zone at every minute around an instant: time rules by brute force."""

    def __init__(self, around: datetime, place: ZoneInfo, *, days: int = 4) -> None:
        begin = around.replace(second=0, microsecond=0) - days * DAY
        self.minutes = [begin + number * MINUTE for number in range(2 * days * 1440)]
        self.walls = [minute.astimezone(place).replace(tzinfo=None) for minute in self.minutes]

    def first_at(self, day: date, wall: time) -> datetime:
        """When the clock shows `wall` for the first time, or the end of a gap."""
        target = datetime.combine(day, wall)
        pairs = zip(self.minutes, self.walls, strict=True)
        return next(minute for minute, shown in pairs if shown >= target)

    def last_at(self, day: date, wall: time) -> datetime:
        """When the clock shows `wall` for the last time, or the end of a gap."""
        target = datetime.combine(day, wall)
        pairs = zip(reversed(self.minutes), reversed(self.walls), strict=True)
        minute, shown = next(pair for pair in pairs if pair[1] <= target)
        return minute + MINUTE * (shown < target)
