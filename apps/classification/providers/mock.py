"""A provider without a model: the same question always gets the same plausible answer."""

import hashlib
from typing import Final

from apps.classification.providers.base import Question
from apps.classification.types import Category, Method, RiskLevel, Verdict
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


class MockProvider:
    """See `apps.classification.providers.base.Provider`. Priority 2–8, confidence 0.6–0.95."""

    def classify(self, question: Question) -> Verdict:
        digest = _digest(question)
        categories = _CATEGORIES[question.kind]
        category = categories[digest[0] % len(categories)]
        return Verdict(
            priority=2 + digest[1] % 7,
            category=category,
            relevance=digest[2] % 101 / 100,
            confidence=0.6 + digest[3] % 36 / 100,
            method=Method.LLM,
            reason=f"The mock provider calls it {category.label.lower()}.",
            action_required=digest[4] % 2 == 0,
            sentiment=digest[5] % 201 / 100 - 1,
            risk=_risk(category, digest[6]),
        )


def _digest(question: Question) -> bytes:
    """Of what is asked, not of when: `now` takes no part."""
    told = "\0".join((question.kind, question.sender_name, question.title, question.content))
    return hashlib.sha256(told.encode("utf-8", "replace")).digest()


def _risk(category: Category, byte: int) -> RiskLevel:
    if category is Category.RISK:
        return (RiskLevel.MEDIUM, RiskLevel.HIGH)[byte % 2]
    return (RiskLevel.NONE, RiskLevel.LOW)[byte % 2]
