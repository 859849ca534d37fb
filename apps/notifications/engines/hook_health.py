"""When the owner of a hook that keeps failing is warned, and when it is switched off. Pure.

first failure ──50 %──70 %──90 %──► off       of the time it may fail without any success
"""

from datetime import datetime, timedelta

STAGES = (50, 70, 90)
OFF = 100
# Nobody is switched off without a warning at least this share of the time before.
_NOTICE_SHARE = 0.1


def warning_due(
    failing_since: datetime | None,
    warned_at: datetime | None,
    now: datetime,
    *,
    disable_after: timedelta,
) -> int | None:
    """A stage of STAGES to warn of, OFF to switch it off, None for neither.

    `warned_at` is the last warning; one from before `failing_since` is of an earlier time.
    One that was quiet while stages passed is warned of the last of them, and is not off before
    that warning had its time.
    """
    if failing_since is None:
        return None
    told = stage_told(failing_since, warned_at, disable_after=disable_after)
    reached = _stage(failing_since, now, disable_after)
    if reached > told:
        return reached
    over = now - failing_since >= disable_after
    if warned_at is None or not over or now - warned_at < disable_after * _NOTICE_SHARE:
        return None
    return OFF


def stage_told(
    failing_since: datetime | None, warned_at: datetime | None, *, disable_after: timedelta
) -> int:
    """The stage its owner was warned of since it fails; 0 for none."""
    if failing_since is None or warned_at is None:
        return 0
    return _stage(failing_since, warned_at, disable_after)


def _stage(since: datetime, at: datetime, disable_after: timedelta) -> int:
    """Timedeltas, not shares: a warning at exactly 50 % must not be one at 49.999…"""
    reached = (stage for stage in STAGES if at - since >= disable_after * stage / 100)
    return max(reached, default=0)
