"""Which silence an event meets, and until when somebody snoozes."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.timing import wall_to_utc
from apps.rules.types import ActiveMatchers, ActiveSilence, Subject

_MORNING = time(8)


def matches(matchers: ActiveMatchers, subject: Subject) -> bool:
    """Whether every matcher that is set fits. Priorities are inclusive bounds."""
    return (
        matchers.category in (None, subject.category)
        and matchers.event_type in (None, subject.event_type)
        and (matchers.client_id is None or matchers.client_id == subject.client_id)
        and (matchers.sender_index is None or matchers.sender_index in subject.senders)
        and (matchers.min_priority is None or subject.priority >= matchers.min_priority)
        and (matchers.max_priority is None or subject.priority <= matchers.max_priority)
    )


def silence_for(silences: Iterable[ActiveSilence], subject: Subject) -> ActiveSilence | None:
    """Of those that match the one that ends last."""
    matching = (silence for silence in silences if matches(silence, subject))
    return max(matching, key=lambda silence: silence.expires_at, default=None)


def snoozed_until(own: Iterable[ActiveSilence]) -> datetime | None:
    """The end of somebody's own silences over everything; None without any."""
    return max((silence.expires_at for silence in own if silence.is_total), default=None)


def tomorrow(now: datetime, zone: ZoneInfo) -> datetime:
    """The next day's 08:00 on the clock of that zone, in UTC."""
    day = now.astimezone(zone).date() + timedelta(days=1)
    return wall_to_utc(datetime.combine(day, _MORNING), zone, fold_last=False)
