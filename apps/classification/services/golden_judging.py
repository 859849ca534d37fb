"""The golden set judged anew by today's rules: the same engine as live, at each case's moment."""

from collections.abc import Iterator, Sequence

from django.db.models import QuerySet

from apps.classification.engines.facts import fact_from_json
from apps.classification.engines.scoring import Scored, meets
from apps.classification.engines.seniority import SeniorityChange
from apps.classification.models import GoldenCase
from apps.classification.services.classifying import Judged, judge_again
from apps.classification.services.title_rules import RulesInUse, rules_in_use
from apps.classification.types import Level, Method, Verdict
from apps.core.bulk import in_batches
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.ingestion.types import Draft, RawRow

BATCH_ROWS = 500

_BEFORE = {
    SeniorityChange.DEMOTION.value: Level.CSUITE,
    SeniorityChange.PROMOTION.value: Level.VP,
    SeniorityChange.REMOVED.value: Level.VP,
}
_BY_MODEL = (Method.LLM, Method.CACHE)


def scored(
    cases: QuerySet[GoldenCase], *, title_rules: RulesInUse | None = None
) -> Iterator[Scored]:
    """A few queries for every BATCH_ROWS cases; `title_rules` in place of those in use."""
    for batch in in_batches(cases.iterator(chunk_size=BATCH_ROWS), size=BATCH_ROWS):
        for case, judged in zip(batch, judged_cases(batch, title_rules=title_rules), strict=True):
            yield compared(case, judged.verdict)


def judged_cases(
    cases: Sequence[GoldenCase], *, title_rules: RulesInUse | None = None
) -> list[Judged]:
    """What the rules say of each case, in order."""
    drafts = [draft_of_case(case) for case in cases]
    rules = title_rules or rules_in_use({case.business_id for case in cases})
    levels = {
        (case.pk, change.person_id): level_before(
            case.seniority, rules.judging(case.business_id).level(change.value).level
        )
        for case, draft in zip(cases, drafts, strict=True)
        if (change := draft.fact.change)
    }
    moments = [(draft, draft.raw.received_at) for draft in drafts]
    return judge_again(moments, levels, title_rules=rules)


def compared(case: GoldenCase, verdict: Verdict) -> Scored:
    by_model = case.judged_method in _BY_MODEL
    met = meets(case.expected_urgency, case.judged_urgency) and meets(
        case.expected_category, case.judged_category
    )
    return Scored(
        expected_urgency=case.expected_urgency,
        expected_category=case.expected_category,
        urgency=verdict.urgency.value,
        category=verdict.category.value,
        confidence=verdict.confidence,
        model=met if by_model else None,
    )


def level_before(seniority: str, level: Level) -> Level:
    """What somebody whose title now means `level` was, for it to have been such a change."""
    if seniority == SeniorityChange.UNCHANGED.value:
        return level
    return _BEFORE.get(seniority, Level.NONE)


def draft_of_case(case: GoldenCase) -> Draft:
    """As linking would leave it. The case's own key stands for its source, so no two mix."""
    fact = fact_from_json(case.fact)
    raw = RawRow(
        id=case.pk,
        business_id=case.business_id,
        source_id=case.pk,
        correlation_id=case.public_id,
        received_at=case.judged_at,
    )
    return Draft(
        raw=raw,
        ordinal=0,
        fact=fact,
        public_id=case.public_id,
        owner_id=case.owner_id,
        sender_index=(
            blind_index(fact.sender.address, context=MAILBOX_CONTEXT) if fact.sender else None
        ),
        job_title=bool(case.seniority),
    )
