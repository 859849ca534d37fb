"""How well events are judged, in figures: of the golden set, verdicts, titles and words."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from apps.classification import selectors
from apps.classification.engines.scoring import Scores, score
from apps.classification.engines.seniority import TitleRules
from apps.classification.engines.unknown_titles import UnknownTitles, unknown_titles
from apps.classification.engines.unknown_words import UnknownWords
from apps.classification.models import Classification, GoldenCase
from apps.classification.services.golden_judging import scored
from apps.classification.services.title_rules import active_title_rules
from apps.classification.services.unknown_words import words_no_rule_knew
from apps.classification.types import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelBounds:
    """Verdicts a model took part in, and where it wanted more than the rules let it.

    `values` is what was bounded (priority, category, …) → how often.
    """

    heard: int
    bounded: int
    values: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierReport:
    """`methods` is method → verdicts, all methods named; `unread` are those no rule knew."""

    scores: Scores
    methods: Mapping[str, int]
    unread: int
    bounds: ModelBounds
    titles: UnknownTitles
    words: UnknownWords


def report(*, since: datetime | None = None) -> ClassifierReport:
    """Of all tenants together. `since` bounds when a case was kept, judged, or a title changed."""
    cases, verdicts = GoldenCase.objects.order_by("id"), Classification.objects.order_by()
    if since is not None:
        cases, verdicts = (
            cases.filter(updated_at__gte=since),
            verdicts.filter(created_at__gte=since),
        )
    counted = verdicts.values("method").annotate(rows=Count("id")).values_list("method", "rows")
    return ClassifierReport(
        scores=score(list(scored(cases))),
        methods={**dict.fromkeys(Method.values, 0), **dict(counted)},
        unread=verdicts.filter(signals__contains=[{"code": "default"}]).count(),
        bounds=_bounds(selectors.bounded_details(verdicts)),
        titles=unknown_titles(_titles(since)),
        words=words_no_rule_knew(since=since),
    )


def _bounds(details: Mapping[str | None, int]) -> ModelBounds:
    bounded = {detail: rows for detail, rows in details.items() if detail is not None}
    values: Counter[str] = Counter()
    for detail, rows in bounded.items():
        for part in detail.split(", "):
            values[part.partition(" ")[0]] += rows
    return ModelBounds(
        heard=sum(details.values()),
        bounded=sum(bounded.values()),
        values=dict(values.most_common()),
    )


def _titles(since: datetime | None) -> Iterator[tuple[TitleRules, str]]:
    rows = selectors.job_titles(since=since)
    rules = active_title_rules({business_id for business_id, _ in rows})
    return ((rules.get(business_id, rules[None]), title) for business_id, title in rows)
