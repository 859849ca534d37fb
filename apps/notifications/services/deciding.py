"""One decision per event and recipient: gather what the noise filter must know, then ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.classification.services.classifying import Judged
from apps.core.identifiers import uuid7
from apps.ingestion.engines.sameness import thing_of
from apps.ingestion.types import Draft
from apps.notifications import selectors
from apps.notifications.engines.recipient import Recipient
from apps.notifications.engines.redundancy import distinct_fingerprint
from apps.notifications.services.recipients import recipients_of
from apps.notifications.types import Decision, Outcome, PreferenceValues
from apps.rules import selectors as rules
from apps.rules.types import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of one event for one person; `local_date` is the day it counts for.

    `public_id` is its Notification's, where there is one.
    """

    judged: Judged
    user_id: int
    decision: Decision
    preference: PreferenceValues
    fingerprint: int
    text_fingerprint: int
    public_id: UUID
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
    people = recipients_of(pairs, silences, inhibitions, now=now)
    _remind(people, judged, now=now)
    choosy = {
        user for (_, user), person in people.items() if person.preference.assigned_clients_only
    }
    clients = {item.draft.client_id for item in judged if item.draft.client_id is not None}
    return _Batch(people, silences, inhibitions, selectors.assignments(choosy, clients))


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
    text_fingerprint = distinct_fingerprint(draft.fact, item.verdict, draft.text_fingerprint)
    public_id = uuid7()
    decision = person.decide(
        item.verdict,
        fingerprint,
        now,
        silence=batch.silences.silence_for(*pair, subject) if subject else None,
        assigned=_assigned(draft, user_id, person, batch),
        subject=subject,
        thing=_thing(item),
        text_fingerprint=text_fingerprint,
        ref=public_id,
    )
    return Decided(
        judged=item,
        user_id=user_id,
        decision=decision,
        preference=person.preference,
        fingerprint=fingerprint,
        text_fingerprint=text_fingerprint,
        public_id=public_id,
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
