"""Reads of classification, for whole batches."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Func, JSONField, Q, QuerySet, Sum, Value
from django.db.models.functions import Now

from apps.classification.models import (
    Classification,
    Insight,
    ModelAnswer,
    ModelSpend,
    PromptVersion,
    SeniorityState,
)
from apps.classification.types import Level, Method
from apps.ingestion.models import Event, ProfileValue, WatchedField
from apps.ingestion.selectors import watched_fields

# A report looks at no more of the latest titles, each of which must be decrypted.
TITLES_AT_MOST = 50_000

# Nearly the same is looked for among so many: decrypting more would cost more than asking.
RECENT_ANSWERS = 200


def levels_of(people: set[tuple[int, str]]) -> dict[tuple[int, str], Level]:
    """(source, person) → how senior they are known to be; absent means not at all."""
    if not people:
        return {}
    rows = SeniorityState.objects.filter(
        source_id__in={source_id for source_id, _ in people},
        person_id__any_of={person_id for _, person_id in people},
    ).values_list("source_id", "person_id", "level")
    return {(source_id, person_id): Level(level) for source_id, person_id, level in rows}


def answers_to(keys: set[bytes], *, since: datetime) -> dict[bytes, dict[str, Any]]:
    """What a model answered to these very questions, not longer ago than `since`."""
    rows = ModelAnswer.objects.filter(key__any_of=keys, created_at__gte=since)
    return {bytes(key): opinion for key, opinion in rows.values_list("key", "opinion")}


def recent_answers(
    families: set[bytes], *, since: datetime
) -> dict[bytes, list[tuple[int, dict[str, Any]]]]:
    """Family → fingerprint and answer, newest first; at most RECENT_ANSWERS of all of them."""
    rows = ModelAnswer.objects.filter(family__any_of=families, created_at__gte=since)
    found: dict[bytes, list[tuple[int, dict[str, Any]]]] = {}
    latest = rows.order_by("-created_at").values_list("family", "fingerprint", "opinion")
    for family, fingerprint, opinion in latest[:RECENT_ANSWERS]:
        found.setdefault(bytes(family), []).append((fingerprint, opinion))
    return found


def spent_in(month: date, business_ids: set[int]) -> dict[int, int]:
    """Business → what its questions have cost in the month, in millionths of a dollar."""
    rows = ModelSpend.objects.filter(month=month, business_id__any_of=business_ids)
    return dict(rows.values_list("business_id", "cost_micros"))


def model_totals() -> dict[str, int]:
    """What all tenants' questions to models have come to since the first."""
    counted = ("questions", "kept", "fallbacks", "calls", "tokens", "cost_micros")
    sums = ModelSpend.objects.aggregate(**{name: Sum(name, default=0) for name in counted})
    return {name: int(value) for name, value in sums.items()}


def prompts_in_use() -> tuple[PromptVersion | None, PromptVersion | None]:
    """The active prompt and the one in its shadow, where there are such."""
    rows = list(PromptVersion.objects.filter(Q(active=True) | Q(shadow=True)))
    active = next((row for row in rows if row.active), None)
    return active, next((row for row in rows if row.shadow), None)


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


def insights_are_asked() -> bool:
    """Whether some worker waits for a model's insights right now."""
    return Insight.objects.filter(state=Insight.State.CLAIMED, due_at__gt=Now()).exists()


def insights_to_ask(ids: Sequence[int]) -> list[Insight]:
    """These rows with what a model is told of their events."""
    return list(
        Insight.objects.filter(pk__any_of=ids)
        .select_related("event")
        .defer("event__details", "event__sender_address")
        .order_by("id")
    )


def insight_of(event: Event) -> Insight | None:
    """What a model wrote about `event`, once it has; load `insight` with the event."""
    insight: Insight | None = getattr(event, "insight", None)
    return insight if insight and insight.state == Insight.State.DONE else None
