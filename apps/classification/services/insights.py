"""Insights: what a model writes about events that matter, after everybody concerned was told.

    claimed rows ─► ask (budget, breaker, all at once) ─► cut to what may be shown ─► fenced write

Nothing waits for an insight and nothing follows from one: it is only ever shown with its event.
"""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.classification import selectors
from apps.classification.engines.answers import InsightText
from apps.classification.engines.model_text import fit_insight
from apps.classification.engines.prompting import INSIGHTS_PROMPT
from apps.classification.models import Insight
from apps.classification.providers.base import Failure, Provider, Question
from apps.classification.providers.base import Insight as Written
from apps.classification.services.calling import OVER_BUDGET, Call, Inquiry, Manner, put
from apps.core.claims import Claim, Queue, claim, fence
from apps.core.locks import lock_in_order
from apps.core.resilience.backoff import next_due
from apps.ingestion.types import EventKind

State = Insight.State

INSIGHTS = Queue(
    model=Insight,
    open_states=Insight.OPEN,
    claimed_state=State.CLAIMED,
    columns=("id",),
)
NO_PROVIDER: Final = "no_provider"
POISON: Final = "poison"

# What asking the same again would not change.
_FOR_GOOD: Final = frozenset((NO_PROVIDER, POISON, OVER_BUDGET, Failure.REFUSED.value))
_SETTLED: Final = (
    *("state", "token", "due_at", "claim_count", "attempt_count", "reason", "finished_at"),
    *("detailed_insight", "recommended_actions", "urgency_assessment"),
    *("model", "prompt_version"),
)

_Call = Call[Insight, Written]


def take(*, limit: int) -> Claim | None:
    """Claim due rows, committed; None while another worker asks.

    One worker at a time waits for a vendor here, so that the others are free for what people wait
    for.
    """
    with transaction.atomic():
        lock_in_order({"insights"})
        if selectors.insights_are_asked():
            return None
        return claim(INSIGHTS, limit=limit, lease_seconds=settings.LEASE_SECONDS)


def ask(ids: Sequence[int], *, now: datetime) -> list[_Call]:
    """What a model writes about the event of each row, or why it writes nothing."""
    rows = selectors.insights_to_ask(ids)
    sound = [row for row in rows if row.claim_count <= settings.MAX_CLAIMS]
    poison = [row for row in rows if row.claim_count > settings.MAX_CLAIMS]
    inquiries = [_inquiry(row, now=now) for row in sound]
    if settings.CLASSIFIER_PROVIDER:
        calls = put(inquiries, Manner(ask=_write, circuit="insights"), now=now)
    else:
        calls = [Call(inquiry=inquiry, outcome=NO_PROVIDER) for inquiry in inquiries]
    return calls + [Call(inquiry=_inquiry(row, now=now), outcome=POISON) for row in poison]


def settle(calls: Sequence[_Call], *, token: UUID, now: datetime) -> None:
    """Write down what became of the rows that are still ours, in the caller's transaction."""
    ours = fence(INSIGHTS, token, [call.about.pk for call in calls])
    rows = [_settled(call, now=now) for call in calls if call.about.pk in ours]
    Insight.objects.bulk_update(rows, _SETTLED)


async def _write(provider: Provider, question: Question) -> Written:
    return await provider.insights(question, deadline_seconds=settings.INSIGHT_TIMEOUT_SECONDS)


def _inquiry(row: Insight, *, now: datetime) -> Inquiry[Insight]:
    event = row.event
    return Inquiry(
        about=row,
        business_id=event.business_id,
        correlation_id=row.correlation_id,
        question=Question(
            title=event.title,
            content=event.content,
            kind=EventKind(event.kind),
            sender_name=event.sender_name,
            now=now,
            prompt=INSIGHTS_PROMPT,
        ),
    )


def _settled(call: _Call, *, now: datetime) -> Insight:
    """The row as it is to be written. Like a delivery's, its claims are counted afresh."""
    row, text = call.about, _text(call)
    row.token, row.claim_count, row.attempt_count = None, 0, row.attempt_count + 1
    row.prompt_version = INSIGHTS_PROMPT.version
    if call.answer is not None and text is not None:
        row.state, row.reason, row.finished_at = State.DONE, "", now
        row.model = call.answer.model[:120]
        row.detailed_insight = text.detailed_insight
        row.recommended_actions = list(text.recommended_actions)
        row.urgency_assessment = text.urgency_assessment
        return row
    row.reason = call.outcome if call.answer is None else Failure.GARBAGE.value
    if row.reason in _FOR_GOOD or row.attempt_count >= settings.MAX_CLAIMS:
        row.state, row.finished_at = State.FAILED, now
    else:
        row.state, row.due_at = State.RETRY, _next_try(call, now=now)
    return row


def _text(call: _Call) -> InsightText | None:
    """What may be shown; None for an answer of which nothing may."""
    if call.answer is None:
        return None
    event = call.about.event
    text = fit_insight(call.answer.text, source=f"{event.title}\n{event.content}")
    return text if text.detailed_insight else None


def _next_try(call: _Call, *, now: datetime) -> datetime:
    due_at = next_due(
        call.about.attempt_count,
        now=now,
        schedule=settings.RETRY_SCHEDULE_SECONDS,
        expires_at=None,
        jitter=random.uniform(-1.0, 1.0),  # noqa: S311  # not a secret
        retry_after=str(call.retry_after) if call.retry_after else None,
    )
    return due_at or now
