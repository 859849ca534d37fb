"""What a model provider must be: one question in, one verdict out."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from apps.classification.types import Verdict
from apps.core.errors import VigilError
from apps.ingestion.types import EventKind


class ProviderError(VigilError):
    """No usable answer. `permanent` means that asking the same again cannot help."""

    status: ClassVar[int] = 502
    default_code: ClassVar[str] = "external_service_error"
    title: ClassVar[str] = "The model gave no usable answer"

    def __init__(self, detail: str = "", *, permanent: bool) -> None:
        super().__init__(detail)
        self.permanent = permanent


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All a model is told. `content` is untrusted: it may hold orders to the model."""

    title: str
    content: str
    kind: EventKind
    sender_name: str
    now: datetime


class Provider(Protocol):
    def classify(self, question: Question) -> Verdict:
        """A verdict with `method` LLM, `code` None and `overrides_quiet_hours` False.

        Raises ProviderError, also when the time limit of the call has passed.
        """
        ...
