"""The deterministic rules: what needs no reading between the lines, in the order they count."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from apps.classification.engines.findings import Finding, JudgeContext
from apps.classification.engines.meetings import judge_meeting
from apps.classification.engines.seniority import SeniorityChange, transition
from apps.classification.types import Category, Level, SecurityCode
from apps.ingestion.types import EventKind, Fact
from apps.rules.types import KeywordHit, VipMatch

CODE_PRIORITY: Final = 9
# The most that a source may claim for its own facts.
SOURCE_PRIORITY_CEILING: Final = 8

_WEIGHTS: Final = {
    SeniorityChange.FIRST: (8, 0.95),
    SeniorityChange.PROMOTION: (8, 0.95),
    SeniorityChange.DEMOTION: (5, 0.5),
    SeniorityChange.REMOVED: (5, 0.5),
    SeniorityChange.UNCHANGED: (2, 0.2),
    SeniorityChange.NOT_SENIOR: (2, 0.2),
}
_SENTENCES: Final = {
    SeniorityChange.FIRST: "{name} is now {level}.",
    SeniorityChange.PROMOTION: "{name} has risen to the C-suite.",
    SeniorityChange.DEMOTION: "{name} has moved from the C-suite to vice president.",
    SeniorityChange.REMOVED: "{name} no longer holds a senior position.",
    SeniorityChange.UNCHANGED: "{name} is still {level}.",
    SeniorityChange.NOT_SENIOR: "{name} does not hold a senior position.",
}
_LEVELS: Final = {Level.VP: "a vice president", Level.CSUITE: "in the C-suite", Level.NONE: ""}


def fast_findings(
    fact: Fact, code: SecurityCode | None, context: JudgeContext, *, now: datetime
) -> Iterator[Finding]:
    """Every rule that applies; the earlier one wins among equal priorities."""
    if code is not None:
        yield _security_code(code, now=now)
    if context.vip is not None:
        yield _vip(fact, context.vip, floor=context.vip_floor)
    for hit in context.keywords:
        yield _keyword(fact, hit)
    by_kind = _of_kind(fact, context, now=now)
    if by_kind is not None:
        yield by_kind
    stated = fact.attributes.get("priority")
    if isinstance(stated, int) and not isinstance(stated, bool):
        yield _stated(fact, stated)


def _of_kind(fact: Fact, context: JudgeContext, *, now: datetime) -> Finding | None:
    if fact.kind is EventKind.CALENDAR:
        return judge_meeting(fact, context, now=now)
    if fact.kind is EventKind.PROFILE:
        return _seniority(fact, context)
    return _account(fact) if fact.kind is EventKind.ACCOUNT else None


def _security_code(code: SecurityCode, *, now: datetime) -> Finding:
    lapsed = code.expires_at <= now
    return Finding(
        code="security_code",
        detail="lapsed" if lapsed else "",
        priority=1 if lapsed else CODE_PRIORITY,
        category=Category.SECURITY_CODE,
        relevance=0.0 if lapsed else 1.0,
        confidence=0.95,
        reason="A code that has lapsed." if lapsed else "A code somebody is waiting for.",
        expires_at=code.expires_at,
    )


def _vip(fact: Fact, match: VipMatch, *, floor: int) -> Finding:
    named = match.label.strip() and "@" not in match.label
    return Finding(
        code="vip",
        detail=str(match.rule_id),
        priority=_bounded(max(match.priority, floor), 10),
        category=home_category(fact.kind),
        relevance=0.9,
        confidence=0.95,
        reason=f"{match.label.strip() if named else 'The sender'} is on your VIP list.",
    )


def _keyword(fact: Fact, hit: KeywordHit) -> Finding:
    known = hit.category in Category.values and hit.category != Category.SECURITY_CODE
    label = hit.label if "@" not in hit.label else "one of your keywords"
    return Finding(
        code="keyword",
        detail=str(hit.rule_id),
        priority=_bounded(hit.priority, 10),
        category=Category(hit.category) if known else home_category(fact.kind),
        relevance=0.8,
        confidence=0.9,
        reason=f"It mentions “{label}”.",
    )


def _seniority(fact: Fact, context: JudgeContext) -> Finding | None:
    if fact.change is None or context.title_rules is None:
        return None
    judgement = context.title_rules.level(fact.change.value)
    change = transition(context.previous_level, judgement.level)
    priority, relevance = _WEIGHTS[change]
    name = fact.change.person_name.strip()
    return Finding(
        code=f"seniority_{change.value}",
        detail=judgement.matched or judgement.excluded_by,
        priority=priority,
        category=Category.LEADERSHIP,
        relevance=relevance,
        confidence=0.9,
        reason=_SENTENCES[change].format(
            name=name if name and "@" not in name else "A member", level=_LEVELS[judgement.level]
        ),
    )


def _account(fact: Fact) -> Finding | None:
    event_type = fact.event_type.casefold()
    if not event_type.endswith(("expired", "disabled")):
        return None
    expired = event_type.endswith("expired")
    return Finding(
        code="account_expired" if expired else "account_disabled",
        priority=7,
        category=Category.ACCOUNT,
        relevance=0.9,
        confidence=0.95,
        reason=f"A connected account {'has expired' if expired else 'was switched off'}.",
        action_required=True,
        suggested_action="Reconnect the account.",
    )


def _stated(fact: Fact, priority: int) -> Finding:
    bounded = _bounded(priority, SOURCE_PRIORITY_CEILING)
    return Finding(
        code="source_priority",
        detail=str(bounded),
        priority=bounded,
        category=home_category(fact.kind),
        relevance=bounded / 10,
        confidence=0.9,
        reason=f"Its source gives it priority {bounded}.",
    )


def home_category(kind: EventKind) -> Category:
    """The category of a fact about which nothing else is known."""
    return {
        EventKind.EMAIL: Category.MESSAGE,
        EventKind.CALENDAR: Category.MEETING,
        EventKind.PROFILE: Category.OTHER,
        EventKind.NEWS: Category.NEWS,
        EventKind.ACCOUNT: Category.ACCOUNT,
    }[kind]


def _bounded(priority: int, ceiling: int) -> int:
    return max(1, min(priority, ceiling))
