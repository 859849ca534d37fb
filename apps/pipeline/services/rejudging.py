"""Recorded events judged again by another classifier: what would have been said, and told.

The engines are those of live traffic; both verdicts meet the same preferences, those of today, with
nothing told before. Nothing is sent and nothing written but what a model's answers cost.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db.models import QuerySet

from apps.classification.engines.prompting import PromptText
from apps.classification.engines.settling import Asked, settled
from apps.classification.engines.verdicts import needs_model
from apps.classification.services.asking import Asking, ask_anew
from apps.classification.services.classifying import Judged, judge_again
from apps.classification.services.golden import seniority_of
from apps.classification.services.prompts import named, names
from apps.classification.services.recorded import draft_of, verdict_of
from apps.classification.services.title_rules import rule_set_named, rule_set_names
from apps.classification.types import Verdict
from apps.core.bulk import in_batches
from apps.core.errors import InvalidInput
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications import selectors
from apps.notifications.engines.noise_filter import decide
from apps.notifications.models import Decision
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.types import FilterContext, PreferenceValues
from apps.pipeline.services.rejudging_titles import TitleJudge
from apps.rules.models import SeniorityRuleSet

BATCH_ROWS = 200
RULES = "rules"
TITLES = "titles:"
# Orders to a model, one version of the title rules, or None for today's rules alone.
Classifier: TypeAlias = PromptText | SeniorityRuleSet | None


@dataclass(slots=True, kw_only=True)
class Rejudgement:
    """Pairs are (before, after); only those that differ. `changes` are what new titles mean."""

    events: int = 0
    urgencies: Counter[tuple[str, str]] = field(default_factory=Counter)
    categories: Counter[tuple[str, str]] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    recipients: int = 0
    asking: Asking = field(default_factory=Asking)


def classifier_of(name: str) -> Classifier:
    """What judges under this name. Raises InvalidInput."""
    if name == RULES:
        return None
    if name.startswith(TITLES):
        return rule_set_named(name.removeprefix(TITLES))
    prompt = named(name)
    if prompt is None:
        known = [RULES, *names(), *(f"{TITLES}{one}" for one in rule_set_names())]
        raise InvalidInput(f"There is no classifier {name}; there are: {', '.join(known)}")
    if not settings.CLASSIFIER_PROVIDER:
        raise InvalidInput("No model is named: set CLASSIFIER_PROVIDER, or take the rules")
    return prompt


def rejudge(
    *, since: datetime, until: datetime, classifier: Classifier, limit: int, now: datetime
) -> Rejudgement:
    """Of the first `limit` events received in [since, until).

    Rules and prompts leave changes of profiles out, title rules everything else.
    """
    found = Rejudgement()
    titles = None
    if isinstance(classifier, SeniorityRuleSet):
        titles = TitleJudge(classifier, since=since)
    events = titles.titles() if titles else _but_titles()
    events = events.filter(received_at__gte=since, received_at__lt=until).order_by("id")[:limit]
    for batch in in_batches(events.iterator(chunk_size=BATCH_ROWS), size=BATCH_ROWS):
        if titles:
            _count_titles(titles.judge(batch), found)
        elif not isinstance(classifier, SeniorityRuleSet):
            _count(batch, _judged_again(batch, classifier, found, now=now), found)
    return found


def _but_titles() -> QuerySet[Event]:
    events = Event.objects.filter(duplicate_of=None, classification__isnull=False)
    return events.exclude(kind=EventKind.PROFILE).select_related("classification")


def _count_titles(judged: Sequence[tuple[Event, Judged]], found: Rejudgement) -> None:
    for event, item in judged:
        _note(found.changes, seniority_of(event.classification), item.change or "")
    _count([event for event, _ in judged], [item.verdict for _, item in judged], found)


def _judged_again(
    events: Sequence[Event], prompt: PromptText | None, found: Rejudgement, *, now: datetime
) -> list[Verdict]:
    judged = judge_again([(draft_of(event), event.received_at) for event in events], {})
    if prompt is None:
        return [item.verdict for item in judged]
    unsure = [item for item in judged if needs_model(item.verdict)]
    asked = ask_anew(unsure, prompt, found.asking, now=now)
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
