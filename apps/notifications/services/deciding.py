"""One decision per event and recipient: gather what the noise filter must know, then ask it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from apps.classification.services.classifying import Judged
from apps.core.timing import local_day, zone
from apps.notifications import selectors
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.redundancy import distinct_fingerprint
from apps.notifications.types import (
    Decision,
    FilterContext,
    Frequency,
    Outcome,
    PreferenceValues,
    Told,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of one event for one person; `local_date` is the day it counts for."""

    judged: Judged
    user_id: int
    decision: Decision
    preference: PreferenceValues
    fingerprint: int
    local_date: date

    @property
    def told(self) -> bool:
        return self.decision.outcome is not Outcome.DROP


@dataclass(slots=True)
class _Person:
    """What is known of one recipient, kept current while the batch goes on."""

    preference: PreferenceValues
    told: list[Told]
    day: date
    sent_today: int
    last_interruption_at: datetime | None
    reads_by_hour: tuple[int, ...]


def decide_all(judged: Sequence[Judged], *, now: datetime) -> list[Decided]:
    """Decisions in the order of events; each one counts for those after it."""
    people = _gather(judged, now=now)
    return [
        _decide(item, user_id, people[item.draft.raw.business_id, user_id], now=now)
        for item in judged
        for user_id in item.draft.audience
    ]


def _gather(judged: Sequence[Judged], *, now: datetime) -> dict[tuple[int, int], _Person]:
    pairs = {(item.draft.raw.business_id, user) for item in judged for user in item.draft.audience}
    users = {user for _, user in pairs}
    since = now - timedelta(seconds=settings.REDUNDANCY_WINDOW_SECONDS)
    told = selectors.told_since(users, since)
    tallies = selectors.latest_tallies(users)
    people = {}
    preferences = selectors.preferences_of(pairs)
    reads = selectors.reads_by_hour(
        {
            user: preference.time_zone
            for (_, user), preference in preferences.items()
            if preference.frequency is Frequency.BATCH
        }
    )
    for (business, user), preference in preferences.items():
        day = local_day(now, zone(preference.time_zone))[0]
        tally = tallies.get(user)
        people[business, user] = _Person(
            preference=preference,
            told=list(told.get(user, ())),
            day=day,
            sent_today=tally.count if tally and tally.local_date == day else 0,
            # Another worker whose clock was read a moment later may have been first.
            last_interruption_at=min(tally.last_at, now) if tally else None,
            reads_by_hour=reads.get(user, ()),
        )
    return people


def _decide(item: Judged, user_id: int, person: _Person, *, now: datetime) -> Decided:
    draft = item.draft
    fingerprint = distinct_fingerprint(draft.fact, item.verdict, draft.fingerprint)
    decision = decide(
        item.verdict,
        FilterContext(
            preference=person.preference,
            fingerprint=fingerprint,
            told=tuple(person.told),
            sent_today=person.sent_today,
            last_interruption_at=person.last_interruption_at,
            redundancy_window_seconds=settings.REDUNDANCY_WINDOW_SECONDS,
            batch_interval_seconds=settings.BATCH_INTERVAL_SECONDS,
            min_interval_seconds=_min_interval_seconds(person.preference),
            lifetime_seconds=settings.NOTIFICATION_LIFETIME_SECONDS,
            reads_by_hour=person.reads_by_hour,
            batch_max_delay_seconds=settings.SMART_BATCH_MAX_DELAY_SECONDS,
        ),
        now,
    )
    if decision.due_at is not None:
        person.told.append(Told(fingerprint=fingerprint, at=decision.due_at))
    if decision.outcome is Outcome.NOTIFY_NOW:
        person.sent_today += 1
        person.last_interruption_at = now
    return Decided(
        judged=item,
        user_id=user_id,
        decision=decision,
        preference=person.preference,
        fingerprint=fingerprint,
        local_date=person.day,
    )


def _min_interval_seconds(preference: PreferenceValues) -> int:
    """The inbox waits to be looked at and interrupts nobody: only other channels need a pause."""
    if all(CHANNELS.get(channel).local for channel in preference.channels):
        return 0
    return int(settings.MIN_NOTIFICATION_INTERVAL_SECONDS)
