"""What the wording of a text suggests: bulk mail, requests, deadlines, mood, a client's topic."""

from dataclasses import dataclass
from functools import cache

from apps.classification.engines.vocabulary import document, plain, presence
from apps.classification.types import Category, RiskLevel
from apps.rules.engines.linear import PatternSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What news of a kind weighs; `label` is its name in a sentence."""

    category: Category
    priority: int
    relevance: float
    sentiment: float
    risk: RiskLevel
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """`sentiment` is −1 to 1; `topic` the weightiest found."""

    newsletter: bool = False
    question: bool = False
    request: bool = False
    deadline: bool = False
    sentiment: float = 0.0
    topic: Topic | None = None

    @property
    def asks(self) -> bool:
        return self.question or self.request or self.deadline

    @property
    def risk(self) -> RiskLevel:
        return self.topic.risk if self.topic else RiskLevel.NONE


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """`names` and `topics` belong to the first and the remaining patterns, in their order."""

    patterns: PatternSet
    names: tuple[str, ...]
    topics: tuple[Topic, ...]


def read(text: str) -> Wording:
    """One pass over `text`, in time linear in it."""
    lexicon = _lexicon()
    found = lexicon.patterns.match(plain(text))
    marks = {lexicon.names[index] for index in found if index < len(lexicon.names)}
    topics = [
        lexicon.topics[index - len(lexicon.names)] for index in found if index >= len(lexicon.names)
    ]
    topic = max(topics, key=lambda topic: topic.priority, default=None)
    return Wording(
        newsletter="newsletter" in marks,
        question="?" in text or "？" in text,
        request="request" in marks,
        deadline="deadline" in marks,
        sentiment=_sentiment(marks, topic),
        topic=topic,
    )


def _sentiment(marks: set[str], topic: Topic | None) -> float:
    mood = 0.4 * (("positive" in marks) - ("negative" in marks))
    return max(-1.0, min(1.0, round(mood + (topic.sentiment if topic else 0.0), 2)))


@cache
def _lexicon() -> _Lexicon:
    listed = document("wording")
    marks, topics = listed["marks"], listed["topics"]
    words = [*marks.values(), *(topic["words"] for topic in topics.values())]
    return _Lexicon(
        patterns=PatternSet(map(presence, words)),
        names=tuple(marks),
        topics=tuple(
            Topic(
                category=Category(name),
                priority=topic["priority"],
                relevance=topic["relevance"],
                sentiment=topic["sentiment"],
                risk=RiskLevel(topic["risk"]),
                label=topic["label"],
            )
            for name, topic in topics.items()
        ),
    )
