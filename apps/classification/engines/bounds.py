"""How far a model may move what the rules say: an opinion is evidence, never an order.

    rules say                    priority                       relevance        the rest
    a deterministic rule, VIP    never lower; up to high        never lower      the rules' words
    a code                       exactly the rules'             the rules'       the rules' words
    wording, high                at most one name lower         at least half    the model's
    wording                      free                           free             the model's
    sent to many                 up to medium                   free             the model's
    orders hidden for a model    up to medium                   free             the model's

An unknown sender's priority ends at high. Quiet hours, VIP, code and expiry are never a model's.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from apps.classification.engines.answers import Opinion, UnreadableAnswer
from apps.classification.engines.hidden_text import hides_orders
from apps.classification.engines.model_text import fit
from apps.classification.types import Category, Method, RiskLevel, Signal, Urgency, Verdict

HIGHEST: Final = 10
# The most that a model may say of an unknown sender, or above a deterministic rule.
HIGH: Final = 8
MEDIUM: Final = 6

_ONE_LOWER: Final = {Urgency.HIGH: Urgency.MEDIUM, Urgency.CRITICAL: Urgency.HIGH}
_RISKS: Final = tuple(RiskLevel)
# What an unbounded opinion would have said is told in words of ours only.
_BOUNDED: Final = "model_bounded"
_UNBOUNDED: Final = "model"
_FALLBACK: Final = "fallback"


@dataclass(frozen=True, slots=True)
class _Limits:
    floor: int
    ceiling: int
    least_relevance: float


def bound(
    rule_verdict: Verdict, opinion: Opinion, *, known_sender: bool, source: str = ""
) -> Verdict:
    """The verdict of rules and model together, with method LLM and one Signal about the bounds.

    `source` is the text the opinion is about: a link survives only if it stands there. Raises
    UnreadableAnswer for a number that is none.
    """
    _refuse_non_finite(opinion)
    limits = _limits(rule_verdict, known_sender=known_sender)
    clamped = _clamped(opinion)
    priority = max(limits.floor, min(clamped.priority, limits.ceiling))
    bounded = replace(
        rule_verdict,
        priority=priority,
        relevance=max(limits.least_relevance, clamped.relevance),
        sentiment=clamped.sentiment,
        method=Method.LLM,
    )
    if not _is_certain(rule_verdict):
        bounded = _in_its_words(bounded, clamped, source=source)
    elif not _has_code(rule_verdict):
        bounded = _beside_a_rule(bounded, clamped, source=source)
    else:
        bounded = replace(
            bounded, relevance=rule_verdict.relevance, sentiment=rule_verdict.sentiment
        )
    signal = Signal(code=_BOUNDED, detail=", ".join(_changes(opinion, bounded)))
    if not signal.detail:
        signal = Signal(code=_UNBOUNDED)
    return replace(bounded, signals=(*rule_verdict.signals, signal))


def fallback(rule_verdict: Verdict, code: str) -> Verdict:
    """The rules' verdict as it is, because no model could be heard; `code` says why."""
    signal = Signal(code=_FALLBACK, detail=code)
    return replace(rule_verdict, method=Method.FALLBACK, signals=(*rule_verdict.signals, signal))


def _limits(verdict: Verdict, *, known_sender: bool) -> _Limits:
    if _has_code(verdict):
        return _Limits(verdict.priority, verdict.priority, verdict.relevance)
    ceiling = HIGHEST if known_sender and not _is_certain(verdict) else HIGH
    if verdict.category is Category.NEWSLETTER or hides_orders(verdict):
        ceiling = MEDIUM
    if _is_certain(verdict):
        return _Limits(verdict.priority, max(ceiling, verdict.priority), verdict.relevance)
    if verdict.urgency in _ONE_LOWER:
        return _Limits(_ONE_LOWER[verdict.urgency].floor, ceiling, verdict.relevance / 2)
    return _Limits(1, ceiling, 0.0)


def _is_certain(verdict: Verdict) -> bool:
    """Whether a deterministic rule spoke: a fast path, a keyword, a VIP's name, a code."""
    return verdict.method is Method.FAST_PATH or verdict.vip or _has_code(verdict)


def _has_code(verdict: Verdict) -> bool:
    return verdict.code is not None or verdict.category is Category.SECURITY_CODE


def _in_its_words(verdict: Verdict, opinion: Opinion, *, source: str) -> Verdict:
    """Wording gives way to a reader. Only rules find a code, or many readers where few are asked.

    `verdict` has the bounded priority already; what may not sink may not be filed away either.
    """
    belittled = opinion.category is Category.NEWSLETTER and opinion.priority < verdict.priority
    denied = belittled or opinion.category is Category.SECURITY_CODE
    return replace(
        verdict,
        category=verdict.category if denied else opinion.category,
        confidence=opinion.confidence,
        action_required=opinion.action_required,
        risk=opinion.risk,
        reason=fit(opinion.reason, source=source) or verdict.reason,
        suggested_action=fit(opinion.suggested_action, source=source),
    )


def _beside_a_rule(verdict: Verdict, opinion: Opinion, *, source: str) -> Verdict:
    """A deterministic rule's category and reason stand; a model may only add."""
    return replace(
        verdict,
        action_required=verdict.action_required or opinion.action_required,
        risk=max(verdict.risk, opinion.risk, key=_RISKS.index),
        suggested_action=verdict.suggested_action or fit(opinion.suggested_action, source=source),
    )


def _refuse_non_finite(opinion: Opinion) -> None:
    numbers = (opinion.priority, opinion.relevance, opinion.confidence, opinion.sentiment)
    if not all(map(math.isfinite, numbers)):
        raise UnreadableAnswer("The answer holds a number that is none")


def _clamped(opinion: Opinion) -> Opinion:
    return replace(
        opinion,
        priority=max(1, min(int(opinion.priority), HIGHEST)),
        relevance=max(0.0, min(opinion.relevance, 1.0)),
        confidence=max(0.0, min(opinion.confidence, 1.0)),
        sentiment=max(-1.0, min(opinion.sentiment, 1.0)),
    )


def _changes(opinion: Opinion, verdict: Verdict) -> list[str]:
    """What the model said and may not say; texts are named, not repeated."""
    numbers = {
        name: (getattr(opinion, name), getattr(verdict, name))
        for name in ("priority", "relevance", "confidence", "sentiment")
    }
    changed = [
        f"{name} {said:g} to {kept:g}" for name, (said, kept) in numbers.items() if said != kept
    ]
    words = ("category", "action_required", "risk", "reason", "suggested_action")
    differ = [word for word in words if getattr(opinion, word) != getattr(verdict, word)]
    # A reason that was not given has not been bounded.
    return changed + [word for word in differ if getattr(opinion, word) != ""]
