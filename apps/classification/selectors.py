"""Reads of classification, for whole batches."""

from apps.classification.models import SeniorityState
from apps.classification.types import Level


def levels_of(people: set[tuple[int, str]]) -> dict[tuple[int, str], Level]:
    """(source, person) → how senior they are known to be; absent means not at all."""
    if not people:
        return {}
    rows = SeniorityState.objects.filter(
        source_id__in={source_id for source_id, _ in people},
        person_id__any_of={person_id for _, person_id in people},
    ).values_list("source_id", "person_id", "level")
    return {(source_id, person_id): Level(level) for source_id, person_id, level in rows}
