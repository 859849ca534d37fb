"""Everybody a batch of events is for, with what the noise filter must know of them.

As many queries for one person as for all of them.
"""

from datetime import datetime, timedelta
from typing import TypeAlias

from django.conf import settings

from apps.core.timing import local_day, zone
from apps.notifications import selectors
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import Frequency, PreferenceValues, Ringing
from apps.rules import selectors as rules

# By business and person.
People: TypeAlias = dict[tuple[int, int], Recipient]


def recipients_of(
    pairs: set[tuple[int, int]],
    silences: rules.Silences,
    inhibitions: rules.Inhibitions,
    *,
    now: datetime,
) -> People:
    """(business, person) → what is known of them at `now`."""
    preferences = selectors.preferences_of(pairs, needs=needs_in_use())
    people = {
        pair: Recipient(
            preference=own, pace=pace_of(own), day=local_day(now, zone(own.time_zone))[0]
        )
        for pair, own in preferences.items()
    }
    _recall(people, now=now)
    _count(people, now=now)
    _pause(people, now=now)
    _ring(people, now=now)
    _learn(people, now=now)
    for pair, person in people.items() if silences else ():
        person.snoozed_until = silences.snoozed_until(*pair)
    if inhibitions:
        _inhibit(people, inhibitions, now=now)
    return people


def pace_of(preference: PreferenceValues) -> Pace:
    return Pace(
        redundancy_window_seconds=settings.REDUNDANCY_WINDOW_SECONDS,
        batch_interval_seconds=settings.BATCH_INTERVAL_SECONDS,
        min_interval_seconds=_min_interval_seconds(preference),
        lifetime_seconds=settings.NOTIFICATION_LIFETIME_SECONDS,
        batch_max_delay_seconds=settings.SMART_BATCH_MAX_DELAY_SECONDS,
    )


def _min_interval_seconds(preference: PreferenceValues) -> int:
    """The inbox waits to be looked at and interrupts nobody: only other channels need a pause."""
    if all(CHANNELS.get(channel).local for channel in preference.channels):
        return 0
    return int(settings.MIN_NOTIFICATION_INTERVAL_SECONDS)


def _recall(people: People, *, now: datetime) -> None:
    """What they were told within the window, or are still to be told."""
    since = now - timedelta(seconds=settings.REDUNDANCY_WINDOW_SECONDS)
    told = selectors.told_since({user for _, user in people}, since)
    for (_, user), person in people.items():
        person.told = list(told.get(user, ()))


def _count(people: People, *, now: datetime) -> None:
    """What has interrupted them on their day, and is promised for later ones."""
    tallies = selectors.tallies_of({user: person.day for (_, user), person in people.items()})
    for (_, user), person in people.items():
        tally = tallies.get(user, selectors.NEVER_TALLIED)
        person.sent_today, person.promised = tally.on(person.day), tally.after(person.day)
        # Another worker whose clock was read a moment later may have been first.
        person.last_interruption_at = min(tally.last_at, now) if tally.last_at else None


def _pause(people: People, *, now: datetime) -> None:
    """When what was put off interrupted them; nothing is asked about who needs no pause."""
    pausing = {user for (_, user), one in people.items() if one.pace.min_interval_seconds}
    pause = timedelta(seconds=settings.MIN_NOTIFICATION_INTERVAL_SECONDS)
    released = selectors.last_released(pausing, since=now - pause, until=now)
    for (_, user), person in people.items():
        person.deferred = [released[user]] if user in released else []


def _ring(people: People, *, now: datetime) -> None:
    """Nothing is asked about people who have the inbox alone, or no rules for the others."""
    ringing = {user for (_, user), one in people.items() if len(one.preference.channels) > 1}
    capped = {user for (_, user), one in people.items() if one.preference.channel_rules}
    window = timedelta(seconds=settings.PRESENCE_WINDOW_SECONDS)
    # Nobody's local day is further behind.
    told = selectors.told_through(capped, since=(now - timedelta(days=1)).date())
    seen = selectors.last_seen(ringing if window else set(), since=now - window)
    for (_, user), person in people.items():
        if user in ringing:
            person.ringing = Ringing(
                told_through=told.get(user, {}),
                seen_at=seen.get(user),
                presence_window_seconds=settings.PRESENCE_WINDOW_SECONDS,
                seen_grace_seconds=settings.SEEN_GRACE_SECONDS,
            )


def _learn(people: People, *, now: datetime) -> None:
    """When they read, of whom a batch waits for that, and what helps them, where it is rationed."""
    own = {user: person.preference for (_, user), person in people.items()}
    reads = selectors.reads_by_hour(
        {user: one.time_zone for user, one in own.items() if one.frequency is Frequency.BATCH}
    )
    helpful = selectors.helpful_rates(
        {user for user, one in own.items() if one.interruption_budget is not None}, now=now
    )
    for (_, user), person in people.items():
        person.reads_by_hour, person.helpful_rates = reads.get(user, ()), helpful.get(user, {})


def _inhibit(people: People, inhibitions: rules.Inhibitions, *, now: datetime) -> None:
    fired = selectors.fired_since(set(people), inhibitions, now - inhibitions.longest)
    for pair, person in people.items():
        person.inhibitions = inhibitions.for_person(*pair)
        person.fired = fired.get(pair, [])
