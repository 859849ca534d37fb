import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.answers import Opinion
from apps.classification.providers import PROVIDERS
from apps.classification.providers.base import Failure, Insight, ProviderError, Question
from apps.core.plugins import UnknownPlugin
from apps.ingestion.types import EventKind

QUESTION = Question(
    title="Contract",
    content="Could you sign it?",
    kind=EventKind.EMAIL,
    sender_name="Boris",
    now=datetime(2026, 3, 4, 12, 0, tzinfo=UTC),
)


def opinion(question: Question) -> Opinion:
    return asyncio.run(PROVIDERS.get("mock").classify(question, deadline_seconds=5)).opinion


def insight(question: Question) -> Insight:
    return asyncio.run(PROVIDERS.get("mock").insights(question, deadline_seconds=5))


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(UnknownPlugin):
        PROVIDERS.get("oracle")


@pytest.mark.parametrize("failure", Failure)
def test_only_a_refusal_is_for_good(failure: Failure) -> None:
    error = ProviderError(failure, "no answer", retry_after=7)
    assert (error.permanent, error.code, error.retry_after) == (failure == "refused", failure, 7)


def test_the_same_question_gets_the_same_answer_at_any_time() -> None:
    later = replace(QUESTION, now=QUESTION.now + timedelta(days=1))
    assert opinion(QUESTION) == opinion(later)
    assert insight(QUESTION) == insight(later)


def test_other_content_gets_another_answer() -> None:
    answers = [opinion(replace(QUESTION, content=f"Message {n}")) for n in range(20)]
    assert len({answer.priority for answer in answers}) > 1


def test_the_mock_costs_nothing() -> None:
    assert insight(QUESTION).cost_micros == 0


@given(content=st.text(), kind=st.sampled_from(EventKind))
def test_every_answer_is_within_bounds(content: str, kind: EventKind) -> None:
    answer = opinion(replace(QUESTION, content=content, kind=kind))
    assert 1 <= answer.priority <= 10
    assert 0 <= answer.relevance <= 1
    assert 0 <= answer.confidence <= 1
    assert -1 <= answer.sentiment <= 1
