"""A verdict by rules and what became of the question to a model: one verdict in the end."""

from dataclasses import dataclass, replace

from apps.classification.engines.answers import Opinion, UnreadableAnswer
from apps.classification.engines.bounds import bound, fallback
from apps.classification.engines.hidden_text import flagged
from apps.classification.types import Method, Verdict
from apps.ingestion.types import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What became of one question: an opinion, kept from earlier or fresh, or why there is none."""

    opinion: Opinion | None = None
    failure: str = ""
    cached: bool = False


def settled(verdict: Verdict, asked: Asked, fact: Fact) -> Verdict:
    """The model's opinion within the rules' bounds, or the rules' verdict as a fallback."""
    verdict = flagged(verdict, fact.title, fact.content, removed=fact.hidden)
    if asked.opinion is None:
        return fallback(verdict, asked.failure)
    source = f"{fact.title}\n{fact.content}"
    try:
        bounded = bound(verdict, asked.opinion, known_sender=verdict.vip, source=source)
    except UnreadableAnswer:
        return fallback(verdict, "garbage")
    return replace(bounded, method=Method.CACHE) if asked.cached else bounded
