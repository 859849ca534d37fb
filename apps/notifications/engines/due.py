"""When something held back is told: batch boundaries, digest times, and never in quiet hours."""

from datetime import UTC, datetime, timedelta

from apps.core import timing
from apps.notifications.engines.batching import smart_batch
from apps.notifications.engines.cases import Case
from apps.notifications.engines.quiet import awake_from, quiet_since
from apps.notifications.types import Frequency

_INSTANT = timedelta(microseconds=1)


def next_batch(case: Case) -> datetime:
    """When its reader usually reads, for who asked for batches; else the next round.

    A round is the next multiple of the batch interval on the UTC clock, strictly after now.
    """
    if case.preference.frequency == Frequency.BATCH:
        delay = timedelta(seconds=case.context.batch_max_delay_seconds)
        usual = smart_batch(case.now, case.context.reads_by_hour, case.zone, delay)
        if usual is not None and usual < case.expires_after(usual):
            return awake_from(case, usual)
    interval = max(1, case.context.batch_interval_seconds)
    passed = int(case.now.timestamp() // interval)
    return awake_from(case, datetime.fromtimestamp((passed + 1) * interval, UTC))


def next_digest(case: Case) -> datetime:
    """The recipient's next digest after now; one that falls into quiet hours is told at their end.

    Weekly readers wait for their weekday, except for what is told promptly.
    """
    since = quiet_since(case)
    weekly = case.preference.frequency == Frequency.WEEKLY and not case.prompt
    digest = timing.next_wall(
        case.now if since is None else since - _INSTANT,
        case.preference.digest_time,
        case.zone,
        weekday=case.preference.digest_weekday if weekly else None,
    )
    return awake_from(case, digest)


def next_round(case: Case) -> datetime:
    """When this recipient is next told what did not interrupt: a batch, or their digest."""
    if case.preference.frequency in (Frequency.DAILY, Frequency.WEEKLY) and not case.prompt:
        return next_digest(case)
    return next_batch(case)
