"""What a model may answer, and how its words become values: all or nothing."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

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


def _between(least: float, most: float) -> AfterValidator:
    """Checked here and not in the schema: strict modes refuse keywords for ranges and lengths."""

    def check(value: float) -> float:
        if not least <= value <= most:
            raise ValueError("out of range")
        return value

    return AfterValidator(check)


def _at_most(length: int) -> AfterValidator:
    def check(value: str | list[str]) -> str | list[str]:
        if len(value) > length:
            raise ValueError("too long")
        return value

    return AfterValidator(check)


_Priority = Annotated[int, _between(1, 10), Field(description="1 to 10")]
_Share = Annotated[float, _between(0, 1), Field(description="0 to 1")]
_Sentiment = Annotated[float, _between(-1, 1), Field(description="-1 to 1")]
_Line = Annotated[str, _at_most(2_000)]
_Text = Annotated[str, _at_most(8_000)]
_Actions = Annotated[list[_Line], _at_most(10)]


# Comments, because a docstring would travel with the schema. A security code is found by rules.
class OpinionDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, title="opinion")

    priority: _Priority
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
    sentiment: _Sentiment
    risk: Literal["none", "low", "medium", "high"]
    confidence: _Share
    reason: _Line
    suggested_action: _Line


class InsightDocument(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, title="insight")

    detailed_insight: _Text
    recommended_actions: _Actions
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
