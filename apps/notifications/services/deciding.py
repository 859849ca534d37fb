"""One decision per event and recipient: gather what the noise filter must know, then ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from apps.classification.services.classifying import Judged
from apps.core.timing import local_day, zone
from apps.ingestion.engines.sameness import thing_of
from apps.ingestion.types import Draft
from apps.notifications import selectors
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.engines.redundancy import distinct_fingerprint
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import (
    Decision,
    Frequency,
    Outcome,
    PreferenceValues,
    Ringing,
)
from apps.rules import selectors as rules
from apps.rules.types import Subject


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


@dataclass(frozen=True, slots=True)
class _Batch:
    """What is known of all recipients: `assignments` of those who want assigned clients only."""

    people: dict[tuple[int, int], Recipient]
    silences: rules.Silences
    inhibitions: rules.Inhibitions
    assignments: frozenset[tuple[int, int]]


def decide_all(judged: Sequence[Judged], *, now: datetime) -> list[Decided]:
    """Decisions in the order of events; each one counts for those after it."""
    batch = _gather(judged, now=now)
    return [
        _decide(item, user_id, batch, now=now) for item in judged for user_id in item.draft.audience
    ]


def _gather(judged: Sequence[Judged], *, now: datetime) -> _Batch:
    pairs = {(item.draft.raw.business_id, user) for item in judged for user in item.draft.audience}
    businesses, users = {business for business, _ in pairs}, {user for _, user in pairs}
    silences = rules.silences(businesses, users, now=now)
    inhibitions = rules.inhibitions(businesses, users)
    people = _people(pairs, silences, now=now)
    if inhibitions:
        _inhibit(people, inhibitions, now=now)
    _remind(people, judged, now=now)
    choosy = {
        user for (_, user), person in people.items() if person.preference.assigned_clients_only
    }
    clients = {item.draft.client_id for item in judged if item.draft.client_id is not None}
    return _Batch(people, silences, inhibitions, selectors.assignments(choosy, clients))


def _people(
    pairs: set[tuple[int, int]], silences: rules.Silences, *, now: datetime
) -> dict[tuple[int, int], Recipient]:
    users = {user for _, user in pairs}
    since = now - timedelta(seconds=settings.REDUNDANCY_WINDOW_SECONDS)
    told = selectors.told_since(users, since)
    preferences = selectors.preferences_of(pairs, needs=needs_in_use())
    days = {
        user: local_day(now, zone(preference.time_zone))[0]
        for (_, user), preference in preferences.items()
    }
    tallies = selectors.tallies_of(days)
    ringing = _ringing(preferences, now=now)
    released = _released(preferences, now=now)
    reads = selectors.reads_by_hour(
        {
            user: preference.time_zone
            for (_, user), preference in preferences.items()
            if preference.frequency is Frequency.BATCH
        }
    )
    helpful = selectors.helpful_rates(
        {user for (_, user), one in preferences.items() if one.interruption_budget is not None},
        now=now,
    )
    people = {}
    for (business, user), preference in preferences.items():
        day, tally = days[user], tallies.get(user, selectors.NEVER_TALLIED)
        people[business, user] = Recipient(
            preference=preference,
            pace=pace_of(preference),
            told=list(told.get(user, ())),
            day=day,
            sent_today=tally.on(day),
            promised=tally.after(day),
            # Another worker whose clock was read a moment later may have been first.
            last_interruption_at=min(tally.last_at, now) if tally.last_at else None,
            deferred=[released[user]] if user in released else [],
            snoozed_until=silences.snoozed_until(business, user) if silences else None,
            reads_by_hour=reads.get(user, ()),
            helpful_rates=helpful.get(user, {}),
            ringing=ringing.get(user),
        )
    return people


def _ringing(
    preferences: Mapping[tuple[int, int], PreferenceValues], *, now: datetime
) -> dict[int, Ringing]:
    """Nothing is asked about people who have the inbox alone, or no rules for the others."""
    ringing = {user for (_, user), own in preferences.items() if len(own.channels) > 1}
    capped = {user for (_, user), own in preferences.items() if own.channel_rules}
    window = timedelta(seconds=settings.PRESENCE_WINDOW_SECONDS)
    # Nobody's local day is further behind.
    told = selectors.told_through(capped, since=(now - timedelta(days=1)).date())
    seen = selectors.last_seen(ringing if window else set(), since=now - window)
    return {
        user: Ringing(
            told_through=told.get(user, {}),
            seen_at=seen.get(user),
            presence_window_seconds=settings.PRESENCE_WINDOW_SECONDS,
            seen_grace_seconds=settings.SEEN_GRACE_SECONDS,
        )
        for user in ringing
    }


def _released(
    preferences: Mapping[tuple[int, int], PreferenceValues], *, now: datetime
) -> dict[int, datetime]:
    """When what was put off interrupted them; nothing is asked about who needs no pause."""
    pausing = {user for (_, user), own in preferences.items() if _min_interval_seconds(own)}
    pause = timedelta(seconds=settings.MIN_NOTIFICATION_INTERVAL_SECONDS)
    return selectors.last_released(pausing, since=now - pause, until=now)


def _inhibit(
    people: dict[tuple[int, int], Recipient], inhibitions: rules.Inhibitions, *, now: datetime
) -> None:
    fired = selectors.fired_since(set(people), inhibitions, now - inhibitions.longest)
    for pair, person in people.items():
        person.inhibitions = inhibitions.for_person(*pair)
        person.fired = fired.get(pair, [])


def _remind(
    people: Mapping[tuple[int, int], Recipient], judged: Sequence[Judged], *, now: datetime
) -> None:
    """What they were told last of the meetings that these facts are about."""
    things = {
        (user, thing) for item in judged if (thing := _thing(item)) for user in item.draft.audience
    }
    since = now - timedelta(seconds=settings.REDUNDANCY_WINDOW_SECONDS)
    for pair, words in selectors.last_words(things, since).items():
        if pair in people:
            people[pair].last_words = words


def _thing(item: Judged) -> str:
    fact = item.draft.fact
    return thing_of(fact.kind, fact.external_id, fact.attributes.get("change"))


def _decide(item: Judged, user_id: int, batch: _Batch, *, now: datetime) -> Decided:
    draft = item.draft
    pair = draft.raw.business_id, user_id
    person = batch.people[pair]
    subject = _subject(item) if batch.silences or batch.inhibitions else None
    fingerprint = distinct_fingerprint(draft.fact, item.verdict, draft.fingerprint)
    decision = person.decide(
        item.verdict,
        fingerprint,
        now,
        silence=batch.silences.silence_for(*pair, subject) if subject else None,
        assigned=_assigned(draft, user_id, person, batch),
        subject=subject,
        thing=_thing(item),
    )
    return Decided(
        judged=item,
        user_id=user_id,
        decision=decision,
        preference=person.preference,
        fingerprint=fingerprint,
        local_date=person.day_of(decision),
    )


def _subject(item: Judged) -> Subject:
    """As it will be stored: what is read again later must be the same."""
    draft, verdict = item.draft, item.verdict
    address = draft.fact.sender.address if draft.fact.sender else ""
    return Subject(
        category=verdict.category.value,
        event_type=draft.fact.event_type[:120],
        priority=verdict.priority,
        client_id=draft.client_id,
        senders=selectors.sender_indexes(draft.sender_index, address),
        thread=draft.fact.thread_key[:300],
    )


def _assigned(draft: Draft, user_id: int, person: Recipient, batch: _Batch) -> bool | None:
    """None where it makes no difference: about no client, or all clients are wanted."""
    if draft.client_id is None or not person.preference.assigned_clients_only:
        return None
    return (user_id, draft.client_id) in batch.assignments


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
