"""When something held back is told: batch boundaries, digest times, and never in quiet hours."""

from datetime import UTC, datetime, timedelta

from apps.core import timing
from apps.notifications.engines.batching import smart_batch
from apps.notifications.engines.cases import Case
from apps.notifications.types import Frequency

Window = tuple[datetime, datetime]
_INSTANT = timedelta(microseconds=1)


def quiet_window(case: Case, moment: datetime) -> Window | None:
    """The recipient's quiet hours around `moment` (start included, end not), or None."""
    preference = case.preference
    start, end = preference.quiet_start, preference.quiet_end
    if not preference.quiet_hours_enabled or start is None or end is None:
        return None
    return timing.quiet_window(moment, start, end, case.zone)


def outside_quiet_hours(case: Case, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours it falls into.

    Where the clocks are set back one night may end inside the next, hence the loop; it ends
    because equal walls make no quiet hours.
    """
    while window := quiet_window(case, moment):
        moment = window[1]
    return moment


def next_batch(case: Case) -> datetime:
    """When its reader usually reads, for who asked for batches; else the next round.

    A round is the next multiple of the batch interval on the UTC clock, strictly after now.
    """
    if case.preference.frequency == Frequency.BATCH:
        delay = timedelta(seconds=case.context.batch_max_delay_seconds)
        usual = smart_batch(case.now, case.context.reads_by_hour, case.zone, delay)
        if usual is not None and usual < case.expires_after(usual):
            return outside_quiet_hours(case, usual)
    interval = max(1, case.context.batch_interval_seconds)
    passed = int(case.now.timestamp() // interval)
    return outside_quiet_hours(case, datetime.fromtimestamp((passed + 1) * interval, UTC))


def next_digest(case: Case) -> datetime:
    """The recipient's next digest after now; one that falls into quiet hours is told at their end.

    Weekly readers wait for their weekday, except for what is told promptly.
    """
    window = quiet_window(case, case.now)
    weekly = case.preference.frequency == Frequency.WEEKLY and not case.prompt
    digest = timing.next_wall(
        window[0] - _INSTANT if window else case.now,
        case.preference.digest_time,
        case.zone,
        weekday=case.preference.digest_weekday if weekly else None,
    )
    return outside_quiet_hours(case, digest)


def next_round(case: Case) -> datetime:
    """When this recipient is next told what did not interrupt: a batch, or their digest."""
    if case.preference.frequency in (Frequency.DAILY, Frequency.WEEKLY) and not case.prompt:
        return next_digest(case)
    return next_batch(case)
