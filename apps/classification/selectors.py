"""Reads of classification, for whole batches."""

from datetime import datetime

from django.db.models import Count, F, Func, JSONField, QuerySet, Value

from apps.classification.models import Classification, SeniorityState
from apps.classification.types import Level, Method
from apps.ingestion.models import ProfileValue, WatchedField
from apps.ingestion.selectors import watched_fields

# A report looks at no more of the latest titles, each of which must be decrypted.
TITLES_AT_MOST = 50_000


def levels_of(people: set[tuple[int, str]]) -> dict[tuple[int, str], Level]:
    """(source, person) → how senior they are known to be; absent means not at all."""
    if not people:
        return {}
    rows = SeniorityState.objects.filter(
        source_id__in={source_id for source_id, _ in people},
        person_id__any_of={person_id for _, person_id in people},
    ).values_list("source_id", "person_id", "level")
    return {(source_id, person_id): Level(level) for source_id, person_id, level in rows}


def bounded_details(verdicts: QuerySet[Classification]) -> dict[str | None, int]:
    """What the rules bounded of a model's word → how often; None where they bounded nothing."""
    path = Value('$[*] ? (@.code == "model_bounded").detail')
    detail = Func(
        F("signals"),
        path,
        template="jsonb_path_query_first(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    heard = verdicts.filter(method__in=[Method.LLM, Method.CACHE])
    rows = heard.order_by().annotate(detail=detail).values("detail").annotate(rows=Count("id"))
    return dict(rows.values_list("detail", "rows"))


def job_titles(*, since: datetime | None = None) -> list[tuple[int, str]]:
    """(business, title) of each community member, the latest TITLES_AT_MOST; nobody's names."""
    rows = ProfileValue.objects.exclude(as_of__lt=since) if since else ProfileValue.objects.all()
    latest = rows.order_by("-as_of").values_list(
        "source__business_id", "source_id", "field", "value"
    )[:TITLES_AT_MOST]
    found = list(latest)
    watched = watched_fields({source_id for _, source_id, _, _ in found})
    return [
        (business_id, title)
        for business_id, source_id, field, title in found
        if title and watched.get((source_id, field.casefold())) == WatchedField.Meaning.JOB_TITLE
    ]
