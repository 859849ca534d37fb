"""Profile fields, versioned by when they changed: older news changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from apps.core.crypto import encrypt
from apps.ingestion import selectors
from apps.ingestion.models import ProfileValue, WatchedField
from apps.ingestion.types import Draft, ProfileChange, Skipped, SkipReason


def apply_changes(drafts: Sequence[Draft]) -> None:
    """Skip what is unregistered, stale or unchanged; remember the rest. Runs under the locks."""
    changes = [(draft, draft.fact.change) for draft in drafts if draft.fact.change]
    if not changes:
        return
    watched = selectors.watched_fields({draft.raw.source_id for draft, _ in changes})
    current = selectors.profile_values(
        {(draft.raw.source_id, change.person_id) for draft, change in changes}
    )
    for draft, change in changes:
        meaning = _meaning(watched, draft.raw.source_id, change)
        if meaning is None:
            draft.skipped = Skipped(
                reason=SkipReason.UNREGISTERED_FIELD, detail=change.field_name[:100]
            )
            continue
        draft.job_title = meaning == WatchedField.Meaning.JOB_TITLE
        key = (draft.raw.source_id, change.person_id, change.field_name.casefold())
        as_of = _as_of(draft)
        # A field never heard of that says nothing has not changed: some platforms send them all.
        value, known_as_of = current.get(key, (change.old_value or "", None))
        if known_as_of is not None and as_of < known_as_of:
            draft.skipped = Skipped(reason=SkipReason.STALE_UPDATE)
        elif value == change.value:
            draft.skipped = Skipped(reason=SkipReason.UNCHANGED_VALUE)
        else:
            draft.previous_value = (value or "") if known_as_of else ""
            current[key] = (change.value, as_of)
    _save([draft for draft, _ in changes if not draft.skipped])


def _as_of(draft: Draft) -> datetime:
    """When the change happened; a sender's clock that runs ahead must not outdate later news."""
    occurred_at, received_at = draft.fact.occurred_at, draft.raw.received_at
    return min(occurred_at, received_at) if occurred_at else received_at


def _meaning(
    watched: dict[tuple[int, str], str], source_id: int, change: ProfileChange
) -> str | None:
    names = (change.field_name.casefold(), change.field_id.casefold())
    return next((watched[source_id, name] for name in names if (source_id, name) in watched), None)


def _save(drafts: Sequence[Draft]) -> None:
    """The newest value of each field wins, whatever order the statement meets them in."""
    latest = {}
    for draft in drafts:
        change = draft.fact.change
        assert change is not None  # noqa: S101  # apply_changes has picked them by it
        key = (draft.raw.source_id, change.person_id, change.field_name.casefold())
        latest[key] = (change.value, _as_of(draft))
    if not latest:
        return
    table = ProfileValue._meta.db_table
    rows = [
        (*key, encrypt(value.encode(), context=f"{table}.value"), as_of)
        for key, (value, as_of) in sorted(latest.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"""
            INSERT INTO {table} (source_id, person_id, field, value, as_of)
            VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (source_id, person_id, field)
            DO UPDATE SET value = excluded.value, as_of = excluded.as_of
            WHERE {table}.as_of <= excluded.as_of
            """,  # noqa: S608  # the table's own name
            rows,
        )
