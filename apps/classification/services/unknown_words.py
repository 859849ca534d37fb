"""Which words no rule knew, gathered from what a person or a model called more urgent than rules.

Both are judged again by the rules alone, each at its own moment. Mail with a one-time code is left
out on both sides, whatever became of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from apps.accounts.selectors import names_in
from apps.classification import selectors
from apps.classification.engines.unknown_words import (
    Passage,
    UnknownWords,
    name_words,
    unknown_words,
)
from apps.classification.models import Classification, GoldenCase
from apps.classification.services.classifying import Judged, judge_again
from apps.classification.services.golden_judging import draft_of_case
from apps.classification.services.recorded import draft_of
from apps.classification.types import Category, Method, Urgency
from apps.ingestion.models import Event
from apps.ingestion.types import Draft, Fact

# A model's word counts where it is a name higher, and at least so much.
_CLEARLY: Final = 2
_BY_MODEL: Final = (Method.LLM, Method.CACHE)
_ORDINARY: Final = (Urgency.LOW, Urgency.MEDIUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Something to read: a case, or an event that may be one as well."""

    draft: Draft
    at: datetime
    case: GoldenCase | None = None
    event: Event | None = None


def words_no_rule_knew(*, since: datetime | None = None) -> UnknownWords:
    """Of all tenants together: the latest cases and events, CASES_ and EVENTS_READ_AT_MOST."""
    cases = _one_for_each_event(selectors.raised_cases(since=since))
    events = list(selectors.latest_judged(since=since))
    corrected = {case.event_id for case in cases}
    read = [_Read(draft=draft_of_case(case), at=case.judged_at, case=case) for case in cases]
    read += [
        _Read(draft=draft_of(event), at=event.received_at, event=event)
        for event in events
        if event.pk not in corrected
    ]
    judged = judge_again([(one.draft, one.at) for one in read], {})
    pairs = [pair for pair in zip(read, judged, strict=True) if not _has_code(*pair)]
    raised = [said for one, said in pairs if _is_raised(one, said)]
    ordinary = [said for one, said in pairs if _is_ordinary(one) and not _is_raised(one, said)]
    return unknown_words(
        [_passage(said) for said in raised],
        [_passage(said) for said in ordinary],
        private=name_words(_names(read)),
    )


def _one_for_each_event(cases: Iterable[GoldenCase]) -> list[GoldenCase]:
    """Two people may have corrected the same event: the later counts."""
    latest: dict[tuple[bool, int], GoldenCase] = {}
    for case in cases:
        latest.setdefault((case.event_id is None, case.event_id or case.pk), case)
    return list(latest.values())


def _has_code(one: _Read, judged: Judged) -> bool:
    """By today's rules, by those of then, or by a person's word."""
    said = one.case.expected_category if one.case else _verdict(one).category
    codes = {said, one.case.judged_category if one.case else said, judged.verdict.category}
    return judged.verdict.code is not None or Category.SECURITY_CODE in codes


def _is_raised(one: _Read, judged: Judged) -> bool:
    by_rules = judged.verdict
    if one.case is not None:
        return Urgency(one.case.expected_urgency).floor > by_rules.urgency.floor
    said = _verdict(one)
    higher = Urgency.of(said.priority).floor > by_rules.urgency.floor
    return said.method in _BY_MODEL and higher and said.priority >= by_rules.priority + _CLEARLY


def _is_ordinary(one: _Read) -> bool:
    return one.event is not None and _verdict(one).urgency in _ORDINARY


def _verdict(one: _Read) -> Classification:
    assert one.event is not None  # noqa: S101  # whoever asks has seen that it is no case
    verdict: Classification = one.event.classification
    return verdict


def _passage(judged: Judged) -> Passage:
    fact = judged.draft.fact
    return Passage(
        text=f"{fact.title}\n{fact.content}",
        sender=_sender(judged.draft),
        keywords=judged.keywords,
    )


def _sender(draft: Draft) -> str:
    """What has no sender counts as written by one and the same in its business."""
    return draft.fact.sender.address if draft.fact.sender else f"business:{draft.raw.business_id}"


def _names(read: Iterable[_Read]) -> Iterator[str]:
    businesses = set()
    for one in read:
        businesses.add(one.draft.raw.business_id)
        yield from _mailboxes(one.draft.fact)
        yield from (one.event.details.get("recipients") or ()) if one.event else ()
    yield from names_in(businesses)


def _mailboxes(fact: Fact) -> tuple[str, ...]:
    return (fact.sender.address, fact.sender.name) if fact.sender else ()
