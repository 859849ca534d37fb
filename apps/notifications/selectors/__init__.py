"""Reads of notifications: what people may see, and what the noise filter must know of a batch."""

from apps.notifications.selectors.clocks import clock_of, clocks_of
from apps.notifications.selectors.effective import effective_of, preferences_of
from apps.notifications.selectors.helpfulness import helpful_rates
from apps.notifications.selectors.inhibiting import FIRED_LOOKBACK_ROWS, fired_since
from apps.notifications.selectors.judging import (
    TOLD_LOOKBACK_ROWS,
    assignments,
    reads_by_hour,
    told_since,
)
from apps.notifications.selectors.last_words import last_words
from apps.notifications.selectors.occurrences import (
    masked_titles,
    occurrences_of,
)
from apps.notifications.selectors.reading import (
    EventTrace,
    deliveries_of,
    event_rows,
    event_trace,
    history,
    preference_of,
    unprocessed,
    visible_events,
    visible_notifications,
    with_deliveries,
)
from apps.notifications.selectors.ringing import last_seen, told_through
from apps.notifications.selectors.senders import sender_indexes
from apps.notifications.selectors.tallies import NEVER as NEVER_TALLIED
from apps.notifications.selectors.tallies import last_released, tallies_of

__all__ = [
    "FIRED_LOOKBACK_ROWS",
    "NEVER_TALLIED",
    "TOLD_LOOKBACK_ROWS",
    "EventTrace",
    "assignments",
    "clock_of",
    "clocks_of",
    "deliveries_of",
    "effective_of",
    "event_rows",
    "event_trace",
    "fired_since",
    "helpful_rates",
    "history",
    "last_released",
    "last_seen",
    "last_words",
    "masked_titles",
    "occurrences_of",
    "preference_of",
    "preferences_of",
    "reads_by_hour",
    "sender_indexes",
    "tallies_of",
    "told_since",
    "told_through",
    "unprocessed",
    "visible_events",
    "visible_notifications",
    "with_deliveries",
]
