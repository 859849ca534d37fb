"""When somebody usually reads, and a batch that comes just then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

LEAST_READS = 20
# An hour with this share of somebody's reads is one of theirs; at most six can be.
USUAL_SHARE = 0.15
_QUARTER = timedelta(minutes=15)


def usual_hours(reads: Sequence[int]) -> frozenset[int]:
    """`reads` counts per hour of the local day, 24 of them; empty without LEAST_READS in all."""
    total = sum(reads)
    if total < LEAST_READS:
        return frozenset()
    return frozenset(hour for hour, count in enumerate(reads) if count >= total * USUAL_SHARE)


def smart_batch(
    now: datetime, reads: Sequence[int], zone: ZoneInfo, max_delay: timedelta
) -> datetime | None:
    """The beginning of the next hour in which they usually read, at most `max_delay` away.

    None where the ordinary round serves better: no habit is known, none is near, or it is such an
    hour already.
    """
    hours = usual_hours(reads)
    if not hours or now.astimezone(zone).hour in hours:
        return None
    # Local hours begin on quarters in every zone, and every quarter is looked at: no wall is lost
    # or met twice where the clocks change.
    begin = datetime.fromtimestamp((now.timestamp() // 900 + 1) * 900, UTC)
    latest = now + max_delay
    while begin <= latest:
        if begin.astimezone(zone).hour in hours:
            return begin
        begin += _QUARTER
    return None
