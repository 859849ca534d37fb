import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from apps.classification.providers import PROVIDERS
from apps.classification.providers.base import Answer, Question
from apps.ingestion.types import EventKind
from tests.plugins.model_server import ModelServer, model_server

Ask = Callable[..., Answer]

QUESTION = Question(
    title="Contract",
    content="Could you sign it before Friday?",
    kind=EventKind.EMAIL,
    sender_name="Boris",
    now=datetime(2026, 3, 4, 12, 0, tzinfo=UTC),
)


@pytest.fixture
def models(settings: Settings) -> Iterator[ModelServer]:
    """A model that answers well, asked by every vendor's plug-in."""
    with model_server() as server:
        server.use_for(settings)
        yield server


@pytest.fixture(params=["openai", "anthropic"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ask(provider: str) -> Ask:
    def classify(question: Question = QUESTION, *, deadline_seconds: float = 5.0) -> Answer:
        asked = PROVIDERS.get(provider).classify(question, deadline_seconds=deadline_seconds)
        return asyncio.run(asked)

    return classify
