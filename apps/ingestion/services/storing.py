"""Writing events and closing the inbox rows they came from, in the caller's transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.core.bulk import copy_rows
from apps.ingestion.models import Event, RawEvent
from apps.ingestion.types import Draft

_COLUMNS = (
    "id",
    "public_id",
    "raw_event",
    "ordinal",
    "business",
    "source",
    "user",
    "client",
    "previous",
    "duplicate_of",
    "correlation_id",
    "kind",
    "event_type",
    "external_id",
    "thread_key",
    "title",
    "content",
    "truncated",
    "sender_name",
    "sender_address",
    "sender_index",
    "details",
    "content_digest",
    "fingerprint",
    "text_fingerprint",
    "occurred_at",
    "starts_at",
    "ends_at",
    "received_at",
)


def store_events(drafts: Iterable[Draft]) -> None:
    copy_rows(Event, _COLUMNS, (_row(draft) for draft in drafts))


def _row(draft: Draft) -> tuple[object, ...]:
    fact, raw = draft.fact, draft.raw
    return (
        draft.event_id,
        draft.public_id,
        raw.id,
        draft.ordinal,
        raw.business_id,
        raw.source_id,
        draft.owner_id,
        draft.client_id,
        draft.previous_id,
        draft.duplicate_of_id,
        raw.correlation_id,
        fact.kind.value,
        fact.event_type[:120],
        fact.external_id[:300],
        fact.thread_key[:300],
        fact.title,
        fact.content,
        fact.truncated,
        fact.sender.name if fact.sender else "",
        fact.sender.address if fact.sender else "",
        draft.sender_index,
        _details(draft),
        draft.content_digest,
        draft.fingerprint,
        draft.text_fingerprint,
        fact.occurred_at,
        fact.starts_at,
        fact.ends_at,
        raw.received_at,
    )


def _details(draft: Draft) -> dict[str, object]:
    fact = draft.fact
    details: dict[str, object] = {
        "recipients": [mailbox.address for mailbox in fact.recipients],
        "change": asdict(fact.change) if fact.change else None,
        "attributes": dict(fact.attributes),
    }
    if fact.hidden:
        details["hidden"] = list(fact.hidden)
    return details


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How an inbox row ends, or that it goes on.

    `due_at` is when it is tried again, only with state "retry"; with "unsure" it waits for a model
    from now on, and its claims are counted afresh.
    """

    raw_id: int
    state: RawEvent.State
    reason: str = ""
    error: str = ""
    due_at: datetime | None = None


def close_raw_events(closings: Sequence[Closing], *, token: UUID) -> None:
    """Fenced by `token`: a row that was taken away keeps what its new owner makes of it."""
    payload = [
        {
            "id": closing.raw_id,
            "state": closing.state.value,
            "reason": closing.reason[:60],
            "error": closing.error[:300],
            "due_at": closing.due_at.isoformat() if closing.due_at else None,
        }
        for closing in closings
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {RawEvent._meta.db_table} AS row
            SET state = closing.state, reason = closing.reason, last_error = closing.error,
                token = NULL,
                due_at = CASE WHEN closing.state = %s THEN clock_timestamp()
                    ELSE COALESCE(closing.due_at, row.due_at) END,
                claim_count = CASE WHEN closing.state = %s THEN 0 ELSE row.claim_count END,
                finished_at = CASE WHEN closing.due_at IS NULL AND closing.state <> %s
                    THEN clock_timestamp() END
            FROM jsonb_to_recordset(%s::jsonb) AS closing
                (id bigint, state text, reason text, error text, due_at timestamptz)
            WHERE row.id = closing.id AND row.token = %s
            """,  # noqa: S608  # the table's own name
            [*[RawEvent.State.UNSURE.value] * 3, json.dumps(payload), token],
        )
