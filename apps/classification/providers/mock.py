"""A provider without a model: the same question always gets the same plausible answer."""

import hashlib
from typing import Final

from apps.classification.engines.answers import InsightText, Opinion
from apps.classification.providers.base import Answer, Insight, Question
from apps.classification.types import Category, RiskLevel, Urgency
from apps.ingestion.types import EventKind

_CATEGORIES: Final = {
    EventKind.EMAIL: (Category.MESSAGE, Category.NEWSLETTER, Category.OTHER),
    EventKind.CALENDAR: (Category.MEETING,),
    EventKind.PROFILE: (Category.LEADERSHIP, Category.OTHER),
    EventKind.NEWS: (
        Category.EXPANSION,
        Category.RISK,
        Category.LEADERSHIP,
        Category.FUNDING,
        Category.PRODUCT,
        Category.PARTNERSHIP,
        Category.LEGAL,
        Category.NEWS,
    ),
    EventKind.ACCOUNT: (Category.ACCOUNT,),
}


_MODEL: Final = "mock"
# Four characters a token: near enough for figures that nobody pays.
_CHARACTERS_PER_TOKEN: Final = 4


class MockProvider:
    """See `apps.classification.providers.base.Provider`. Priority 2–8, confidence 0.6–0.95."""

    def prepare(self) -> None:
        """Nothing to load."""

    async def classify(self, question: Question, *, deadline_seconds: float) -> Answer:
        opinion = _opinion(question)
        return Answer(
            opinion=opinion,
            model=_MODEL,
            prompt_tokens=_tokens(question.title, question.content),
            completion_tokens=_tokens(opinion.reason),
            cost_micros=0,
        )

    async def insights(self, question: Question, *, deadline_seconds: float) -> Insight:
        opinion = _opinion(question)
        text = InsightText(
            detailed_insight=f"The mock provider sees {opinion.category.label.lower()} in it.",
            recommended_actions=("Read it.",) if opinion.action_required else (),
            urgency_assessment=f"It would call it {Urgency.of(opinion.priority).label.lower()}.",
        )
        return Insight(
            text=text,
            model=_MODEL,
            prompt_tokens=_tokens(question.title, question.content),
            completion_tokens=_tokens(text.detailed_insight, text.urgency_assessment),
            cost_micros=0,
        )


def _opinion(question: Question) -> Opinion:
    digest = _digest(question)
    categories = _CATEGORIES[question.kind]
    category = categories[digest[0] % len(categories)]
    return Opinion(
        priority=2 + digest[1] % 7,
        category=category,
        relevance=digest[2] % 101 / 100,
        confidence=0.6 + digest[3] % 36 / 100,
        reason=f"The mock provider calls it {category.label.lower()}.",
        action_required=digest[4] % 2 == 0,
        sentiment=digest[5] % 201 / 100 - 1,
        risk=_risk(category, digest[6]),
    )


def _tokens(*texts: str) -> int:
    return sum(map(len, texts)) // _CHARACTERS_PER_TOKEN


def _digest(question: Question) -> bytes:
    """Of what is asked, not of when: `now` takes no part."""
    told = "\0".join((question.kind, question.sender_name, question.title, question.content))
    return hashlib.sha256(told.encode("utf-8", "replace")).digest()


def _risk(category: Category, byte: int) -> RiskLevel:
    if category is Category.RISK:
        return (RiskLevel.MEDIUM, RiskLevel.HIGH)[byte % 2]
    return (RiskLevel.NONE, RiskLevel.LOW)[byte % 2]
