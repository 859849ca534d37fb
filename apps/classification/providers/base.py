"""What a model provider must be: one question in, one opinion out, its price with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from django.db.models import TextChoices

from apps.classification.engines.answers import InsightText, Opinion
from apps.classification.engines.prompting import CLASSIFY_PROMPT, PromptText
from apps.core.errors import VigilError
from apps.ingestion.types import EventKind


class Failure(TextChoices):
    """Why there is no usable answer; also the code of the ProviderError."""

    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call cost: micro-dollars by the price table of the settings."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


class ProviderError(VigilError):
    """No usable answer. `code` is a Failure's value, `retry_after` is in seconds.

    `permanent` means that asking the same again cannot help: the key, the model's name or the
    question itself is refused. `usage` is what was counted for an answer nobody can read.
    """

    status: ClassVar[int] = 502
    default_code: ClassVar[str] = "external_service_error"
    title: ClassVar[str] = "The model gave no usable answer"

    def __init__(
        self,
        failure: Failure,
        detail: str = "",
        *,
        retry_after: float | None = None,
        usage: Usage | None = None,
    ) -> None:
        super().__init__(detail, code=failure.value, retry_after=retry_after)
        self.failure = failure
        self.usage = usage

    @property
    def permanent(self) -> bool:
        return self.failure is Failure.REFUSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All a model is told, about one event of one tenant.

    `title`, `content` and `sender_name` are untrusted: they may hold orders to the model.
    """

    title: str
    content: str
    kind: EventKind
    sender_name: str
    now: datetime
    prompt: PromptText = CLASSIFY_PROMPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An opinion, and what it cost: micro-dollars by the price table of the settings."""

    opinion: Opinion
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insight:
    """What a model writes about an event that matters, and what it cost. Not yet bounded."""

    text: InsightText
    model: str
    prompt_tokens: int
    completion_tokens: int
    cost_micros: int


class Provider(Protocol):
    """Calls may run side by side in one event loop, and in several loops of one process."""

    def prepare(self) -> None:
        """Load what a call needs, which may take seconds the first time in a process."""
        ...

    async def classify(self, question: Question, *, deadline_seconds: float) -> Answer:
        """An answer or a ProviderError, at the latest when `deadline_seconds` have passed.

        The caller holds no transaction and passes the opinion through `engines.bounds.bound`.
        """
        ...

    async def insights(self, question: Question, *, deadline_seconds: float) -> Insight:
        """The same promises; `question.prompt` is one that asks for insights."""
        ...
