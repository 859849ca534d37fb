"""What a model may answer, and how its words become values: all or nothing."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.classification.types import Category, RiskLevel, Urgency
from apps.core import strictjson
from apps.core.errors import VigilError
from apps.core.json_types import Json

# The longest answer that is read at all, its envelope included.
MAX_ANSWER_BYTES: Final = 262_144


class UnreadableAnswer(ValueError):
    """Not the document that was asked for. The message repeats nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A model's verdict before `engines.bounds`: nothing here may be acted on as it is.

    Ranges and words are those of Verdict; `reason` is meant to be one sentence.
    """

    priority: int
    category: Category
    relevance: float
    confidence: float
    reason: str
    action_required: bool = False
    sentiment: float = 0.0
    risk: RiskLevel = RiskLevel.NONE
    suggested_action: str = ""

    @property
    def urgency(self) -> Urgency:
        return Urgency.of(self.priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsightText:
    """What a model writes about an event that matters."""

    detailed_insight: str
    recommended_actions: tuple[str, ...]
    urgency_assessment: str


_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
_Line = Annotated[str, Field(max_length=2_000)]


class OpinionDocument(BaseModel):
    """The schema a model must fill in. A security code is found by rules, never by a model."""

    model_config = ConfigDict(extra="forbid", strict=True, title="opinion")

    priority: Annotated[int, Field(ge=1, le=10, description="1-3 low … 9-10 critical")]
    action_required: bool
    category: Literal[
        "meeting",
        "message",
        "newsletter",
        "account",
        "expansion",
        "risk",
        "leadership",
        "funding",
        "product",
        "partnership",
        "legal",
        "news",
        "other",
    ]
    relevance: _Share
    sentiment: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
    risk: Literal["none", "low", "medium", "high"]
    confidence: _Share
    reason: _Line
    suggested_action: _Line


class InsightDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, title="insight")

    detailed_insight: Annotated[str, Field(max_length=8_000)]
    recommended_actions: Annotated[list[_Line], Field(max_length=10)]
    urgency_assessment: _Line


DocumentT = TypeVar("DocumentT", OpinionDocument, InsightDocument)


def parsed(text: str, document: type[DocumentT]) -> DocumentT:
    """The document in a model's text, which must be that JSON and nothing else."""
    try:
        found = strictjson.loads(text.encode("utf-8", "replace"), max_bytes=MAX_ANSWER_BYTES)
    except VigilError as error:
        raise UnreadableAnswer(f"The answer is not JSON ({error.code})") from None
    return checked(found, document)


def checked(found: Json, document: type[DocumentT]) -> DocumentT:
    """The document that parsed JSON stands for. Raises UnreadableAnswer."""
    try:
        return document.model_validate(found)
    except ValidationError as error:
        raise schema_broken(error) from None


def schema_broken(error: ValidationError) -> UnreadableAnswer:
    """`error` without the model's own text, which pydantic repeats."""
    places = ", ".join(sorted({_place(fault) for fault in error.errors()}))
    return UnreadableAnswer(f"The answer does not keep to the schema: {places}")


def opinion_of(document: OpinionDocument) -> Opinion:
    return Opinion(
        priority=document.priority,
        category=Category(document.category),
        relevance=document.relevance,
        confidence=document.confidence,
        reason=document.reason,
        action_required=document.action_required,
        sentiment=document.sentiment,
        risk=RiskLevel(document.risk),
        suggested_action=document.suggested_action,
    )


def insight_of(document: InsightDocument) -> InsightText:
    return InsightText(
        detailed_insight=document.detailed_insight,
        recommended_actions=tuple(document.recommended_actions),
        urgency_assessment=document.urgency_assessment,
    )


def _place(fault: Any) -> str:
    """A field of ours; the name of a key that does not belong is the model's own text."""
    if fault["type"] == "extra_forbidden":
        return "unknown key"
    return str(fault["loc"][0]) if fault["loc"] else "document"
