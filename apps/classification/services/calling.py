"""Putting questions to a model: all at once, one deadline for each, a breaker before them.

    budget ─► breaker ─► all at the same time ─► booked

Outside of any transaction. A question always comes back as a Call, whatever happened to it.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

import structlog
from django.conf import settings

from apps.classification.models import ModelCall
from apps.classification.providers import PROVIDERS
from apps.classification.providers.base import (
    Answer,
    Failure,
    Insight,
    Provider,
    ProviderError,
    Question,
    Usage,
)
from apps.classification.services import spending
from apps.core.resilience.breaker import Breaker, CircuitOpen, breaker_for

log = structlog.get_logger(__name__)

ANSWERED = "answered"
CIRCUIT_OPEN = ModelCall.CIRCUIT_OPEN
OVER_BUDGET = "over_budget"

# What a failure says of the service's health (apps.core.engines.circuit.Outcome).
_HEALTH = {
    Failure.TIMEOUT: "timeout",
    Failure.UNAVAILABLE: "5xx",
    Failure.RATE_LIMITED: "429",
    Failure.REFUSED: "4xx",
    Failure.GARBAGE: "4xx",
}

AboutT = TypeVar("AboutT")
AnswerT = TypeVar("AnswerT", Answer, Insight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry(Generic[AboutT]):
    """A question, what it is about, and on whose account it goes.

    One in `shadow` has a circuit of its own: however it fails, the others are asked.
    """

    about: AboutT
    business_id: int
    correlation_id: UUID
    question: Question
    shadow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner(Generic[AnswerT]):
    """How a provider is asked, and the circuit that opens when that keeps failing."""

    ask: Callable[[Provider, Question], Awaitable[AnswerT]]
    circuit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[AboutT, AnswerT]):
    """What became of an inquiry; `outcome` is ANSWERED or why there is no answer.

    `usage` is what an answer that nobody can read cost. `retry_after` is in seconds, where the
    service said so.
    """

    inquiry: Inquiry[AboutT]
    outcome: str
    latency_ms: int = 0
    answer: AnswerT | None = None
    usage: Usage | None = None
    retry_after: float | None = None

    @property
    def about(self) -> AboutT:
        return self.inquiry.about

    @property
    def cost_micros(self) -> int:
        spent = self.answer or self.usage
        return spent.cost_micros if spent else 0

    def row(self) -> ModelCall:
        spent, inquiry = self.answer or self.usage, self.inquiry
        return ModelCall(
            business_id=inquiry.business_id,
            correlation_id=inquiry.correlation_id,
            provider=settings.CLASSIFIER_PROVIDER,
            model=(spent.model if spent else model_name())[:120],
            prompt_version=inquiry.question.prompt.version[:64],
            outcome=self.outcome,
            latency_ms=self.latency_ms,
            prompt_tokens=spent.prompt_tokens if spent else 0,
            completion_tokens=spent.completion_tokens if spent else 0,
            cost_micros=self.cost_micros,
        )


def put(
    inquiries: Sequence[Inquiry[AboutT]], manner: Manner[AnswerT], *, now: datetime
) -> list[Call[AboutT, AnswerT]]:
    """One Call each, in order; what was put is booked, what the budget forbids is not put."""
    affordable = spending.within_budget({item.business_id for item in inquiries}, now=now)
    made = _put([item for item in inquiries if item.business_id in affordable], manner)
    spending.book([call.row() for call in made], now=now)
    calls = iter(made)
    return [
        next(calls) if item.business_id in affordable else Call(inquiry=item, outcome=OVER_BUDGET)
        for item in inquiries
    ]


def model_name() -> str:
    return _setting("MODEL")


def _put(
    inquiries: Sequence[Inquiry[AboutT]], manner: Manner[AnswerT]
) -> list[Call[AboutT, AnswerT]]:
    """While the circuit tries the service, one of them goes out."""
    if not inquiries:
        return []
    PROVIDERS.get(settings.CLASSIFIER_PROVIDER).prepare()
    allowed = _permissions([_breaker(item, manner) for item in inquiries])
    asked = [item for item, may in zip(inquiries, allowed, strict=True) if may]
    calls = asyncio.run(_together(asked, manner)) if asked else []
    _report(calls, manner)
    answered = iter(calls)
    return [
        next(answered) if may else Call(inquiry=item, outcome=CIRCUIT_OPEN)
        for item, may in zip(inquiries, allowed, strict=True)
    ]


def _report(calls: Sequence[Call[AboutT, AnswerT]], manner: Manner[AnswerT]) -> None:
    """Each circuit hears of its calls at once: in an outage all that were out fail together."""
    ends: dict[Breaker, list[str]] = {}
    for call in calls:
        kind = "success" if call.answer else _HEALTH[Failure(call.outcome)]
        ends.setdefault(_breaker(call.inquiry, manner), []).append(kind)
    for breaker, kinds in ends.items():
        breaker.ended(kinds)


def _setting(name: str) -> str:
    """OPENAI_MODEL and its like; a provider without a choice or a key has no such setting."""
    return str(getattr(settings, f"{settings.CLASSIFIER_PROVIDER.upper()}_{name}", ""))


def _breaker(inquiry: Inquiry[AboutT], manner: Manner[AnswerT]) -> Breaker:
    circuit = f"shadow-{manner.circuit}" if inquiry.shadow else manner.circuit
    return breaker_for(f"{circuit}:{_credential()}")


def _credential() -> str:
    """The service and, not readable, the key it is asked with."""
    key = hashlib.sha256(_setting("API_KEY").encode()).hexdigest()
    return f"{settings.CLASSIFIER_PROVIDER}:{key[:8]}"


def _permissions(breakers: Sequence[Breaker]) -> list[bool]:
    """Whether each lets a question out. One that refused a question refuses the round's others."""
    refused: set[Breaker] = set()
    allowed = []
    for breaker in breakers:
        if breaker not in refused and not _may_ask(breaker):
            refused.add(breaker)
        allowed.append(breaker not in refused)
    return allowed


def _may_ask(breaker: Breaker) -> bool:
    try:
        breaker.before()
    except CircuitOpen:
        return False
    return True


async def _together(
    inquiries: Sequence[Inquiry[AboutT]], manner: Manner[AnswerT]
) -> list[Call[AboutT, AnswerT]]:
    provider = PROVIDERS.get(settings.CLASSIFIER_PROVIDER)
    return await asyncio.gather(*(_one(provider, inquiry, manner) for inquiry in inquiries))


async def _one(
    provider: Provider, inquiry: Inquiry[AboutT], manner: Manner[AnswerT]
) -> Call[AboutT, AnswerT]:
    begun = time.monotonic()
    outcome, answer, usage, retry_after = ANSWERED, None, None, None
    try:
        answer = await manner.ask(provider, inquiry.question)
    except ProviderError as error:
        outcome, usage, retry_after = error.failure.value, error.usage, error.retry_after
    except Exception:
        log.exception("model_call_failed", correlation_id=str(inquiry.correlation_id))
        outcome = Failure.UNAVAILABLE.value
    return Call(
        inquiry=inquiry,
        outcome=outcome,
        latency_ms=int((time.monotonic() - begun) * 1_000),
        answer=answer,
        usage=usage,
        retry_after=retry_after,
    )
