"""Recorded events judged again by another classifier: what would have been said, and told.

The engines are those of live traffic; both verdicts meet the same preferences, those of today, with
nothing told before. Nothing is sent and nothing written but what a model's answers cost.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from apps.classification.engines.prompting import PromptText
from apps.classification.engines.settling import Asked, settled
from apps.classification.engines.verdicts import needs_model
from apps.classification.models import PromptVersion
from apps.classification.services.asking import put_questions
from apps.classification.services.classifying import Judged, judge_again
from apps.classification.services.golden import fact_of
from apps.classification.services.prompts import text_of
from apps.classification.services.recorded import verdict_of
from apps.classification.types import Verdict
from apps.core.errors import InvalidInput
from apps.ingestion.models import Event
from apps.ingestion.types import Draft, EventKind, RawRow
from apps.notifications import selectors
from apps.notifications.engines.noise_filter import decide
from apps.notifications.models import Decision
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import FilterContext, PreferenceValues

BATCH_ROWS = 200
RULES = "rules"
ACTIVE = "active"


@dataclass(slots=True, kw_only=True)
class Rejudgement:
    """Pairs are (before, after); only those that differ. Latencies are in milliseconds."""

    events: int = 0
    urgencies: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    recipients: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    cost_micros: int = 0
    latencies_ms: list[int] = field(default_factory=list)


def prompt_of(classifier: str) -> PromptText | None:
    """What a model is told by this classifier; None for the rules alone. Raises InvalidInput."""
    if classifier == RULES:
        return None
    if not settings.CLASSIFIER_PROVIDER:
        raise InvalidInput("No model is named: set CLASSIFIER_PROVIDER, or take the rules")
    if classifier == ACTIVE:
        return text_of(PromptVersion.objects.filter(active=True).first())
    number = classifier.removeprefix("v")
    prompt = PromptVersion.objects.filter(version=number).first() if number.isdecimal() else None
    if prompt is None:
        raise InvalidInput(f"There is no classifier {classifier}: rules, active or v1, v2, …")
    return text_of(prompt)


def rejudge(
    *, since: datetime, until: datetime, prompt: PromptText | None, limit: int, now: datetime
) -> Rejudgement:
    """Of the first `limit` events received in [since, until). Profile changes are left out: what
    they meant hangs on a title that is known no more.
    """
    found = Rejudgement()
    events = (
        Event.objects.filter(
            received_at__gte=since,
            received_at__lt=until,
            duplicate_of=None,
            classification__isnull=False,
        )
        .exclude(kind=EventKind.PROFILE)
        .select_related("classification")
        .order_by("id")[:limit]
    )
    for batch in _batches(events):
        _count(batch, _judged_again(batch, prompt, found, now=now), found)
    return found


def _batches(events: QuerySet[Event]) -> Iterator[list[Event]]:
    batch: list[Event] = []
    for event in events.iterator(chunk_size=BATCH_ROWS):
        batch.append(event)
        if len(batch) == BATCH_ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def _judged_again(
    events: Sequence[Event], prompt: PromptText | None, found: Rejudgement, *, now: datetime
) -> list[Verdict]:
    judged = judge_again([(_draft(event), event.received_at) for event in events], {})
    if prompt is None:
        return [item.verdict for item in judged]
    asked = {}
    for call in put_questions([i for i in judged if needs_model(i.verdict)], prompt, now=now):
        answer = call.answer
        found.calls[call.outcome] += 1
        found.latencies_ms.append(call.latency_ms)
        found.cost_micros += answer.cost_micros if answer else 0
        key = call.about.draft.key
        asked[key] = Asked(opinion=answer.opinion) if answer else Asked(failure=call.outcome)
    return [_settled(item, asked.get(item.draft.key)) for item in judged]


def _settled(judged: Judged, asked: Asked | None) -> Verdict:
    return settled(judged.verdict, asked, judged.draft.fact) if asked else judged.verdict


def _count(events: Sequence[Event], verdicts: Sequence[Verdict], found: Rejudgement) -> None:
    after = dict(zip((event.pk for event in events), verdicts, strict=True))
    before = {event.pk: verdict_of(event.classification) for event in events}
    moments = {event.pk: event for event in events}
    for key, verdict in after.items():
        _note(found.urgencies, before[key].urgency.value, verdict.urgency.value)
        _note(found.categories, before[key].category.value, verdict.category.value)
    decisions = list(
        Decision.objects.filter(event_id__any_of=list(after)).values_list("event_id", "user_id")
    )
    pairs = {(moments[event].business_id, user) for event, user in decisions}
    preferences = selectors.preferences_of(pairs, needs=needs_in_use()) if pairs else {}
    for event, user in decisions:
        preference = preferences[moments[event].business_id, user]
        _note(
            found.outcomes,
            _outcome(moments[event], before[event], preference),
            _outcome(moments[event], after[event], preference),
        )
    found.events += len(events)
    found.recipients += len(decisions)


def _note(pairs: Counter[tuple[str, str]], before: str, after: str) -> None:
    if before != after:
        pairs[before, after] += 1


def _outcome(event: Event, verdict: Verdict, preference: PreferenceValues) -> str:
    context = FilterContext(
        preference=preference,
        fingerprint=event.fingerprint,
        batch_interval_seconds=settings.BATCH_INTERVAL_SECONDS,
        lifetime_seconds=settings.NOTIFICATION_LIFETIME_SECONDS,
    )
    return decide(verdict, context, event.received_at).outcome.value


def _draft(event: Event) -> Draft:
    raw = RawRow(
        id=event.raw_event_id,
        business_id=event.business_id,
        source_id=event.source_id,
        correlation_id=event.correlation_id,
        received_at=event.received_at,
    )
    return Draft(
        raw=raw,
        ordinal=event.ordinal,
        fact=fact_of(event),
        public_id=event.public_id,
        owner_id=event.user_id,
        sender_index=bytes(event.sender_index) if event.sender_index else None,
        fingerprint=event.fingerprint,
    )
