"""What the providers that ask a real model have in common: prompt, deadline, schema, price."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Final, Generic

from django.conf import settings

from apps.classification.engines.answers import (
    DocumentT,
    InsightDocument,
    OpinionDocument,
    UnreadableAnswer,
    insight_of,
    opinion_of,
)
from apps.classification.engines.prompting import Prompt, compose
from apps.classification.providers.base import (
    Answer,
    Failure,
    Insight,
    ProviderError,
    Question,
    Usage,
)
from apps.classification.providers.wire import within
from apps.core.json_types import Json

_NONCE_BYTES: Final = 12
_MAX_COUNT: Final = 10_000_000
# The price of a model that the table does not name.
_ANY_MODEL: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion(Generic[DocumentT]):
    """A document that keeps to its schema, and what the vendor counted for it."""

    document: DocumentT
    usage: Usage


class StructuredProvider(ABC):
    """See `apps.classification.providers.base.Provider`."""

    @abstractmethod
    def prepare(self) -> None:
        """See Provider."""

    @abstractmethod
    async def complete(
        self, prompt: Prompt, document: type[DocumentT], *, deadline_seconds: float
    ) -> Completion[DocumentT]:
        """Ask once. Raises ProviderError or UnreadableAnswer; may be cancelled at any await.

        What is told of the usage is read first, so that an answer nobody can read is `charged`.
        """

    async def classify(self, question: Question, *, deadline_seconds: float) -> Answer:
        completion = await self._asked(question, OpinionDocument, deadline_seconds)
        return Answer(opinion=opinion_of(completion.document), **asdict(completion.usage))

    async def insights(self, question: Question, *, deadline_seconds: float) -> Insight:
        completion = await self._asked(question, InsightDocument, deadline_seconds)
        return Insight(text=insight_of(completion.document), **asdict(completion.usage))

    async def _asked(
        self, question: Question, document: type[DocumentT], deadline_seconds: float
    ) -> Completion[DocumentT]:
        async with within(deadline_seconds):
            prompt = _prompt(question)
            try:
                return await self.complete(prompt, document, deadline_seconds=deadline_seconds)
            except UnreadableAnswer as error:
                raise ProviderError(Failure.GARBAGE, str(error)) from None


def usage_of(message: Json, *, model: str, prompt: str, completion: str) -> Usage:
    """What `message` tells of its usage, under these two names; nothing for what tells nothing."""
    told = message.get("usage") if isinstance(message, dict) else None
    counts = told if isinstance(told, dict) else {}
    tokens = _counted(counts.get(prompt)), _counted(counts.get(completion))
    return Usage(
        model=model,
        prompt_tokens=tokens[0],
        completion_tokens=tokens[1],
        cost_micros=cost_micros(model, *tokens),
    )


@contextmanager
def charged(usage: Usage) -> Iterator[None]:
    """Whatever cannot be read inside was paid for all the same."""
    try:
        yield
    except UnreadableAnswer as error:
        raise ProviderError(Failure.GARBAGE, str(error), usage=usage) from None


def _counted(value: Json) -> int:
    """A number of tokens as a vendor tells it; 0 for what is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return max(0, min(value, _MAX_COUNT))


def _prompt(question: Question) -> Prompt:
    return compose(
        question.prompt,
        title=question.title,
        content=question.content,
        kind=question.kind.value,
        sender_name=question.sender_name,
        now=question.now,
        nonce=secrets.token_hex(_NONCE_BYTES),
    )


def cost_micros(model: str, prompt_tokens: int, completion_tokens: int) -> int:
    """In micro-dollars, rounded up, by MODEL_PRICES_MICRO_DOLLARS_PER_MILLION_TOKENS."""
    prices: dict[str, tuple[int, int]] = settings.MODEL_PRICES_MICRO_DOLLARS_PER_MILLION_TOKENS
    for_prompt, for_completion = prices.get(model) or prices.get(_ANY_MODEL, (0, 0))
    return -(-(prompt_tokens * for_prompt + completion_tokens * for_completion) // 1_000_000)
