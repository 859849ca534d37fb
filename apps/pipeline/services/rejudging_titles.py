"""Recorded job titles judged again by one version of the title rules, in the order they came."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from apps.classification.services.classifying import Judged, judge_again
from apps.classification.services.golden import seniority_of
from apps.classification.services.golden_judging import level_before
from apps.classification.services.recorded import draft_of
from apps.classification.services.title_rules import judged_by, rules_of
from apps.classification.types import Level
from apps.ingestion.models import Event
from apps.ingestion.types import Draft, EventKind
from apps.rules.models import SeniorityRuleSet

# So many of the latest titles of before are read for what somebody was.
KNOWN_AT_MOST = 5_000


class TitleJudge:
    """Knows how senior everybody is by its own rules: from the last title recorded before.

    Of whom none is recorded, it takes the recorded verdict's word for what they were.
    """

    def __init__(self, rule_set: SeniorityRuleSet, *, since: datetime) -> None:
        self._rules = rules_of(rule_set)
        self._titles = _titles(rule_set)
        self._levels: dict[tuple[int, str], Level] = {}
        before = self._titles.filter(received_at__lt=since).order_by("-id")[:KNOWN_AT_MOST]
        for event in reversed(before):
            if (draft := _title(event)) is not None:
                self._levels[_person(draft)] = self._level(draft)

    def titles(self) -> QuerySet[Event]:
        """Changes of profiles of those whom these rules judge, or would."""
        return self._titles

    def judge(self, events: Sequence[Event]) -> list[tuple[Event, Judged]]:
        """Those of the events that are job titles, in order."""
        found = [(event, draft) for event in events if (draft := _title(event)) is not None]
        for event, draft in found:
            recorded = seniority_of(event.classification)
            self._levels.setdefault(_person(draft), level_before(recorded, self._level(draft)))
        moments = [(draft, event.received_at) for event, draft in found]
        judged = judge_again(moments, self._levels, title_rules=self._rules)
        self._levels |= {_person(item.draft): item.level for item in judged}
        return [(event, item) for (event, _), item in zip(found, judged, strict=True)]

    def _level(self, draft: Draft) -> Level:
        change = draft.fact.change
        assert change is not None  # noqa: S101  # only titles get here
        return self._rules.judging(draft.raw.business_id).level(change.value).level


def _titles(rule_set: SeniorityRuleSet) -> QuerySet[Event]:
    return Event.objects.filter(
        judged_by(rule_set),
        kind=EventKind.PROFILE,
        duplicate_of=None,
        classification__isnull=False,
    ).select_related("classification")


def _title(event: Event) -> Draft | None:
    """None for a field that is no job title: no title rule had judged it."""
    if not seniority_of(event.classification):
        return None
    draft = draft_of(event)
    draft.job_title = True
    return draft


def _person(draft: Draft) -> tuple[int, str]:
    assert draft.fact.change is not None  # noqa: S101  # only titles get here
    return draft.raw.source_id, draft.fact.change.person_id
