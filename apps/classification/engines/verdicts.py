"""The judgement of one fact: deterministic rules first, wording where none of them applies."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from apps.classification.engines.codes import find_code
from apps.classification.engines.fast_path import fast_findings
from apps.classification.engines.findings import Finding, JudgeContext
from apps.classification.engines.hidden_text import hidden_signals
from apps.classification.engines.meetings import meeting_end
from apps.classification.engines.reading import is_bulk, read_fact
from apps.classification.engines.wording import Wording, read
from apps.classification.types import Category, Method, SecurityCode, Signal, Urgency, Verdict
from apps.ingestion.engines.authentication import is_forged
from apps.ingestion.types import EventKind, Fact

__all__ = ["JudgeContext", "judge", "needs_model"]

# Below this, a verdict by rules is worth a model's opinion.
SURE: Final = 0.8


def judge(fact: Fact, context: JudgeContext, *, now: datetime) -> Verdict:
    """The verdict on `fact` at `now`: FAST_PATH where a deterministic rule applies, else RULES.

    Of several findings the highest priority decides, the earlier among equals; all are recorded
    in `signals`, and after them what was hidden. Sentiment, risk and whether action is asked for
    always come from the wording. Who is on a VIP list counts unless the receiving mailbox found
    that somebody else wrote in their name.
    """
    forged = context.vip is not None and is_forged(fact.attributes)
    context = replace(context, vip=None) if forged else context
    wording = read(f"{fact.title}\n{fact.content}")
    code = _code(fact, now=now)
    findings = list(fast_findings(fact, code, context, now=now)) or [read_fact(fact, wording)]
    leading = max(findings, key=lambda finding: finding.priority)
    return Verdict(
        priority=leading.priority,
        category=_category(leading, wording),
        relevance=leading.relevance,
        confidence=leading.confidence,
        method=Method.FAST_PATH if leading.certain else Method.RULES,
        reason=leading.reason,
        action_required=_action_required(fact, findings, wording),
        sentiment=wording.sentiment,
        risk=wording.risk,
        suggested_action=next((f.suggested_action for f in findings if f.suggested_action), ""),
        code=code,
        expires_at=_expires_at(fact, leading),
        vip=context.vip is not None,
        overrides_quiet_hours=leading.certain and leading.priority >= Urgency.CRITICAL.floor,
        signals=(
            *(Signal(code=found.code, detail=found.detail) for found in findings),
            *hidden_signals(removed=fact.hidden),
            *((Signal(code="vip_unproven"),) if forged else ()),
        ),
    )


def needs_model(verdict: Verdict) -> bool:
    return verdict.method is Method.RULES and verdict.confidence < SURE


def _code(fact: Fact, *, now: datetime) -> SecurityCode | None:
    """A code counts from when the message was sent, in its zone; its clock may run ahead."""
    if fact.kind is not EventKind.EMAIL:
        return None
    written_at = fact.occurred_at or now
    sent_at = min(written_at, now).astimezone(written_at.tzinfo)
    return find_code(fact.title, fact.content, received_at=sent_at)


def _category(leading: Finding, wording: Wording) -> Category:
    """News keeps its topic when something else than the topic decides."""
    if leading.category is Category.NEWS and wording.topic is not None:
        return wording.topic.category
    return leading.category


def _action_required(fact: Fact, findings: Sequence[Finding], wording: Wording) -> bool:
    if any(found.action_required for found in findings):
        return True
    asked = fact.kind is EventKind.EMAIL and fact.attributes.get("automatic") is not True
    return asked and wording.asks and not is_bulk(fact, wording)


def _expires_at(fact: Fact, leading: Finding) -> datetime | None:
    if leading.expires_at is not None or fact.kind is not EventKind.CALENDAR:
        return leading.expires_at
    return meeting_end(fact)
