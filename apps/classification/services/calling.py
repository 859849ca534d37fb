"""Putting questions to a model: all at once, one deadline for each, a breaker before them.

Outside of any transaction. A question always comes back as a Call, whatever happened to it.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings

from apps.classification.engines.prompting import PromptText
from apps.classification.models import ModelCall
from apps.classification.providers import PROVIDERS
from apps.classification.providers.base import Answer, Failure, Provider, ProviderError, Question
from apps.classification.services.classifying import Judged
from apps.core.resilience.breaker import Breaker, CircuitOpen, breaker_for

log = structlog.get_logger(__name__)

ANSWERED = "answered"
CIRCUIT_OPEN = "circuit_open"

# What a failure says of the service's health (apps.core.engines.circuit.Outcome).
_HEALTH = {
    Failure.TIMEOUT: "timeout",
    Failure.UNAVAILABLE: "5xx",
    Failure.RATE_LIMITED: "429",
    Failure.REFUSED: "4xx",
    Failure.GARBAGE: "4xx",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question; `outcome` is ANSWERED or why there is no answer."""

    judged: Judged
    prompt: PromptText
    outcome: str
    latency_ms: int = 0
    answer: Answer | None = None

    def row(self) -> ModelCall:
        answer, raw = self.answer, self.judged.draft.raw
        return ModelCall(
            business_id=raw.business_id,
            correlation_id=raw.correlation_id,
            provider=settings.CLASSIFIER_PROVIDER,
            model=(answer.model if answer else model_name())[:120],
            prompt_version=self.prompt.version[:64],
            outcome=self.outcome,
            latency_ms=self.latency_ms,
            prompt_tokens=answer.prompt_tokens if answer else 0,
            completion_tokens=answer.completion_tokens if answer else 0,
            cost_micros=answer.cost_micros if answer else 0,
        )


def put(questions: Sequence[tuple[Judged, PromptText]], *, now: datetime) -> list[Call]:
    """One Call each, in order. While the circuit tries the service, one of them goes out."""
    PROVIDERS.get(settings.CLASSIFIER_PROVIDER).prepare()
    breaker = breaker_for(f"model:{_credential()}")
    allowed = [_may_ask(breaker) for _ in questions]
    asked = [question for question, may in zip(questions, allowed, strict=True) if may]
    calls = asyncio.run(_together(asked, now=now)) if asked else []
    for call in calls:
        if call.answer:
            breaker.succeeded()
        else:
            breaker.failed(_HEALTH[Failure(call.outcome)])
    answered = iter(calls)
    return [
        next(answered) if may else Call(judged=judged, prompt=prompt, outcome=CIRCUIT_OPEN)
        for (judged, prompt), may in zip(questions, allowed, strict=True)
    ]


def model_name() -> str:
    return _setting("MODEL")


def _setting(name: str) -> str:
    """OPENAI_MODEL and its like; a provider without a choice or a key has no such setting."""
    return str(getattr(settings, f"{settings.CLASSIFIER_PROVIDER.upper()}_{name}", ""))


def _credential() -> str:
    """The service and, not readable, the key it is asked with."""
    key = hashlib.sha256(_setting("API_KEY").encode()).hexdigest()
    return f"{settings.CLASSIFIER_PROVIDER}:{key[:8]}"


def _may_ask(breaker: Breaker) -> bool:
    try:
        breaker.before()
    except CircuitOpen:
        return False
    return True


async def _together(questions: Sequence[tuple[Judged, PromptText]], *, now: datetime) -> list[Call]:
    provider = PROVIDERS.get(settings.CLASSIFIER_PROVIDER)
    return await asyncio.gather(
        *(_one(provider, judged, prompt, now=now) for judged, prompt in questions)
    )


async def _one(provider: Provider, judged: Judged, prompt: PromptText, *, now: datetime) -> Call:
    begun, answer = time.monotonic(), None
    try:
        answer = await provider.classify(
            _question(judged, prompt, now=now), deadline_seconds=settings.LLM_TIMEOUT_SECONDS
        )
        outcome = ANSWERED
    except ProviderError as error:
        outcome = error.failure.value
    except Exception:
        log.exception("model_call_failed", correlation_id=str(judged.draft.raw.correlation_id))
        outcome = Failure.UNAVAILABLE.value
    return Call(
        judged=judged,
        prompt=prompt,
        outcome=outcome,
        latency_ms=int((time.monotonic() - begun) * 1_000),
        answer=answer,
    )


def _question(judged: Judged, prompt: PromptText, *, now: datetime) -> Question:
    fact = judged.draft.fact
    return Question(
        title=fact.title,
        content=fact.content,
        kind=fact.kind,
        sender_name=fact.sender.name if fact.sender else "",
        now=now,
        prompt=prompt,
    )
