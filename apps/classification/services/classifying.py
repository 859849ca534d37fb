"""Verdicts for a whole batch: gather what the engine must know, then ask it once per event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from apps.classification import selectors
from apps.classification.engines.seniority import SeniorityChange, transition
from apps.classification.engines.settling import Asked, settled
from apps.classification.engines.title_shadow import ShadowJudgement, in_shadow
from apps.classification.engines.verdicts import JudgeContext, judge, needs_model
from apps.classification.services.title_rules import RulesInUse, rules_in_use
from apps.classification.types import Level, QuestionKey, Verdict
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.ingestion.types import Draft
from apps.rules import selectors as rules
from apps.rules.types import VipMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A draft with its verdict; `change` is set where a job title was judged.

    `shadow` is what rules in shadow would have said of it; nobody is told.
    """

    draft: Draft
    verdict: Verdict
    rules_version: str = ""
    change: SeniorityChange | None = None
    level: Level = Level.NONE
    previous_level: Level = Level.NONE
    shadow: ShadowJudgement | None = None


@dataclass(frozen=True, slots=True)
class _Knowledge:
    vips: dict[rules.VipKey, VipMatch]
    keywords: rules.KeywordSets
    levels: dict[tuple[int, str], Level]
    title_rules: RulesInUse


def classify(
    drafts: Sequence[Draft], *, now: datetime, asked: Mapping[QuestionKey, Asked] | None = None
) -> list[Judged]:
    """One verdict per draft, in order: a later one already knows what an earlier one changed.

    `asked` is what became of the questions to a model; a fact it does not name is judged by the
    rules alone.
    """
    knowledge = _gather(drafts)
    judged = [_judge(draft, knowledge, now=now) for draft in drafts]
    return [_settled(item, asked) for item in judged] if asked else judged


def _gather(drafts: Sequence[Draft]) -> _Knowledge:
    businesses = {draft.raw.business_id for draft in drafts}
    indexes = {index for draft in drafts for index in _indexes(draft)}
    titled = {person for draft in drafts if (person := _person(draft))}
    return _Knowledge(
        vips=rules.vips(businesses, indexes),
        keywords=rules.keyword_sets(businesses),
        levels=selectors.levels_of(titled),
        title_rules=rules_in_use(businesses) if titled else RulesInUse(),
    )


def judge_again(
    moments: Sequence[tuple[Draft, datetime]], levels: Mapping[tuple[int, str], Level]
) -> list[Judged]:
    """Recorded drafts by today's rules alone, each at its own moment and with its given level."""
    knowledge = _gather([draft for draft, _ in moments])
    knowledge = replace(knowledge, levels=dict(levels))
    return [_judge(draft, knowledge, now=at) for draft, at in moments]


def _judge(draft: Draft, knowledge: _Knowledge, *, now: datetime) -> Judged:
    fact, business_id = draft.fact, draft.raw.business_id
    keywords = knowledge.keywords.for_person(business_id, draft.owner_id)
    person = _person(draft)
    title_rules = knowledge.title_rules.judging(business_id) if person else None
    previous = knowledge.levels.get(person, Level.NONE) if person else Level.NONE
    verdict = judge(
        fact,
        JudgeContext(
            vip=_vip(draft, knowledge.vips),
            keywords=keywords.match(f"{fact.title}\n{fact.content}"),
            previous_level=previous,
            title_rules=title_rules,
            proximity_minutes=settings.CALENDAR_PROXIMITY_MINUTES,
        ),
        now=now,
    )
    if person is None or title_rules is None or fact.change is None:
        return Judged(draft=draft, verdict=verdict)
    level = title_rules.level(fact.change.value).level
    knowledge.levels[person] = level
    return Judged(
        draft=draft,
        verdict=verdict,
        rules_version=title_rules.version,
        change=transition(previous, level),
        level=level,
        previous_level=previous,
        shadow=_shadow(draft, fact.change.value, knowledge),
    )


def _shadow(draft: Draft, title: str, knowledge: _Knowledge) -> ShadowJudgement | None:
    shadow = knowledge.title_rules.in_shadow(draft.raw.business_id)
    if shadow is None:
        return None
    return in_shadow(
        shadow.rules,
        rule_set_id=shadow.rule_set_id,
        title=title,
        previous_title=draft.previous_value,
    )


def _settled(judged: Judged, asked: Mapping[QuestionKey, Asked]) -> Judged:
    """A rule that has become sure since the question was put needs no model any more."""
    answer = asked.get(judged.draft.key)
    if answer is None or not needs_model(judged.verdict):
        return judged
    return replace(judged, verdict=settled(judged.verdict, answer, judged.draft.fact))


def _person(draft: Draft) -> tuple[int, str] | None:
    """Whose job title this is, where it is one."""
    change = draft.fact.change
    return (draft.raw.source_id, change.person_id) if change and draft.job_title else None


def _indexes(draft: Draft) -> list[bytes]:
    """The sender's whole address and its domain, as VIP lists know them; most specific first."""
    if draft.sender_index is None or draft.fact.sender is None:
        return []
    domain = "@" + draft.fact.sender.address.rpartition("@")[2]
    return [draft.sender_index, blind_index(domain, context=MAILBOX_CONTEXT)]


def _vip(draft: Draft, vips: dict[rules.VipKey, VipMatch]) -> VipMatch | None:
    """Somebody's own list before the shared one, an address before a domain."""
    if not vips:
        return None
    keys = (
        (draft.raw.business_id, user_id, index)
        for user_id in dict.fromkeys((draft.owner_id, None))
        for index in _indexes(draft)
    )
    return next((vips[key] for key in keys if key in vips), None)
