from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.providers import PROVIDERS
from apps.classification.providers.base import ProviderError, Question
from apps.classification.types import Method
from apps.core.plugins import UnknownPlugin
from apps.ingestion.types import EventKind

QUESTION = Question(
    title="Contract",
    content="Could you sign it?",
    kind=EventKind.EMAIL,
    sender_name="Boris",
    now=datetime(2026, 3, 4, 12, 0, tzinfo=UTC),
)


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(UnknownPlugin):
        PROVIDERS.get("oracle")


@pytest.mark.parametrize("permanent", [True, False])
def test_a_failure_says_whether_trying_again_helps(permanent: bool) -> None:
    error = ProviderError("no answer", permanent=permanent)
    assert (error.permanent, error.code, error.number) == (
        permanent,
        "external_service_error",
        5003,
    )


def test_the_same_question_gets_the_same_answer_at_any_time() -> None:
    mock = PROVIDERS.get("mock")
    later = replace(QUESTION, now=QUESTION.now + timedelta(days=1))
    assert mock.classify(QUESTION) == mock.classify(later)


def test_other_content_gets_another_answer() -> None:
    mock = PROVIDERS.get("mock")
    answers = [mock.classify(replace(QUESTION, content=f"Message {n}")) for n in range(20)]
    assert len({answer.priority for answer in answers}) > 1


@given(content=st.text(), kind=st.sampled_from(EventKind))
def test_every_answer_is_within_bounds(content: str, kind: EventKind) -> None:
    verdict = PROVIDERS.get("mock").classify(replace(QUESTION, content=content, kind=kind))
    assert 1 <= verdict.priority <= 10
    assert 0 <= verdict.relevance <= 1
    assert 0 <= verdict.confidence <= 1
    assert -1 <= verdict.sentiment <= 1
    assert verdict.method is Method.LLM
    assert verdict.code is None
    assert not verdict.overrides_quiet_hours
