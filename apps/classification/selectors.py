"""Reads of classification, for whole batches."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from apps.classification.models import ModelAnswer, ModelSpend, PromptVersion, SeniorityState
from apps.classification.types import Level

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


def prompts_in_use() -> tuple[PromptVersion | None, PromptVersion | None]:
    """The active prompt and the one in its shadow, where there are such."""
    rows = list(PromptVersion.objects.filter(Q(active=True) | Q(shadow=True)))
    active = next((row for row in rows if row.active), None)
    return active, next((row for row in rows if row.shadow), None)
