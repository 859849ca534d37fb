"""The opinion that rests on wording and defaults alone: never certain, always below 0.8."""

from typing import Final

from apps.classification.engines.fast_path import home_category
from apps.classification.engines.findings import Finding
from apps.classification.engines.wording import Wording
from apps.classification.types import Category
from apps.ingestion.types import EventKind, Fact

_DEFAULTS: Final = {
    EventKind.EMAIL: (4, 0.5, "A message without anything special."),
    EventKind.CALENDAR: (5, 0.5, "A change in your calendar."),
    EventKind.PROFILE: (3, 0.3, "A change in a member's profile."),
    EventKind.NEWS: (4, 0.4, "News without anything special."),
    EventKind.ACCOUNT: (5, 0.6, "News about a connected account."),
}
# Labels by which the mailbox itself says that nobody in particular is meant.
_BULK_LABELS: Final = frozenset({"CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"})


def is_bulk(fact: Fact, wording: Wording) -> bool:
    """Sent to many: a header, a label or the wording says so. Only ever true of mail."""
    if fact.kind is not EventKind.EMAIL:
        return False
    labels = fact.attributes.get("label_ids")
    labeled = isinstance(labels, list) and not _BULK_LABELS.isdisjoint(map(str, labels))
    return labeled or fact.attributes.get("bulk") is True or wording.newsletter


def read_fact(fact: Fact, wording: Wording) -> Finding:
    """What a careful reader without any knowledge of the recipient would say."""
    if is_bulk(fact, wording):
        return _finding("newsletter", 2, Category.NEWSLETTER, 0.2, 0.75, "Sent to many people.")
    if fact.kind is EventKind.EMAIL:
        return _mail(fact, wording)
    if fact.kind is EventKind.NEWS and wording.topic is not None:
        topic = wording.topic
        reason = f"News that may be about {topic.label}."
        return _finding(
            "topic", topic.priority, topic.category, topic.relevance, 0.65, reason, topic.category
        )
    return _default(fact)


def _mail(fact: Fact, wording: Wording) -> Finding:
    if fact.attributes.get("automatic") is True:
        return _finding("automatic", 3, Category.MESSAGE, 0.3, 0.6, "An automatic message.")
    if wording.deadline and (wording.request or wording.question):
        return _asking("deadline", 7, 0.75, "Somebody asks you for something that is urgent.")
    if wording.deadline:
        return _asking("deadline", 6, 0.65, "It speaks of a deadline.")
    if wording.request:
        return _asking("request", 6, 0.65, "Somebody asks you for something.")
    if wording.question:
        return _asking("question", 5, 0.6, "Somebody asks you a question.")
    return _default(fact)


def _asking(code: str, priority: int, relevance: float, reason: str) -> Finding:
    return _finding(code, priority, Category.MESSAGE, relevance, 0.6, reason)


def _default(fact: Fact) -> Finding:
    priority, relevance, reason = _DEFAULTS[fact.kind]
    return _finding("default", priority, home_category(fact.kind), relevance, 0.5, reason)


def _finding(
    code: str,
    priority: int,
    category: Category,
    relevance: float,
    confidence: float,
    reason: str,
    detail: str = "",
) -> Finding:
    return Finding(
        code=code,
        priority=priority,
        category=category,
        relevance=relevance,
        confidence=confidence,
        reason=reason,
        detail=detail,
        certain=False,
    )
