"""When a failed piece of work is tried again. Pure: chance and time are arguments."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_JITTER_SHARE = 0.2
_MIN_RETRY_AFTER_SECONDS = 1.0
_MAX_RETRY_AFTER_SECONDS = 3_600.0
_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")


def next_due(
    attempt: int,
    *,
    now: datetime,
    schedule: Sequence[float],
    expires_at: datetime | None,
    jitter: float,
    retry_after: str | None = None,
) -> datetime | None:
    """When to make the attempt after attempt number `attempt` (the first is 1); None for never.

    `schedule` holds seconds; its last entry repeats until `expires_at`, or for ever without one.
    `jitter` in [-1, 1] moves the time by up to 20 %. A Retry-After header postpones it, by at most
    an hour, and never brings it forward.
    """
    step = schedule[min(max(attempt, 1), len(schedule)) - 1]
    seconds = step * (1 + _JITTER_SHARE * jitter)
    asked = parse_retry_after(retry_after, now)
    due_at = now + timedelta(seconds=seconds if asked is None else max(seconds, asked))
    if expires_at is not None and due_at >= expires_at:
        return None
    return due_at


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, within 1 and 3,600, of a Retry-After header; None when it is not one.

    Understands seconds, with a fraction too, and an HTTP-date (RFC 9110 §10.2.3).
    """
    text = (value or "").strip()
    seconds = float(text) if _SECONDS.fullmatch(text) else _seconds_until(text, now)
    if seconds is None:
        return None
    return min(max(seconds, _MIN_RETRY_AFTER_SECONDS), _MAX_RETRY_AFTER_SECONDS)


def _seconds_until(text: str, now: datetime) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
