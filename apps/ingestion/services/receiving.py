"""The inbox's only way in: many parcels, one statement, one commit. 2xx is said only after it."""

import json
from base64 import b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection

from apps.core.errors import Conflict, InvalidInput, RateLimited, Unavailable, VigilError
from apps.core.faultpoints import faultpoint
from apps.core.prepared import Prepared
from apps.core.resilience.ratelimit import Limit, limiter
from apps.ingestion.models import RawEvent
from apps.ingestion.types import Parcel, Receipt

Outcome = Receipt | VigilError

# The rows travel as one JSON parameter: binding a dozen values for each costs three times as much.
# Ids are given in the order of arrival, which is the order facts are read in; rows are written in
# the order of their keys, so that two batches never wait for each other in a circle.
_TABLE = RawEvent._meta.db_table
_INSERT = Prepared(
    "door_insert",
    f"""
    WITH arrived AS MATERIALIZED (
        SELECT nextval(pg_get_serial_sequence('{_TABLE}', 'id')) AS id,
            decode(row.dedup_key, 'base64') AS key, row.*
        FROM json_to_recordset($1::json) AS row (
            business_id bigint, source_id bigint, correlation_id uuid, dedup_key text, body text,
            body_digest text, headers jsonb, event_type text, accounts text[],
            occurred_at timestamptz, state text, reason text, last_error text
        )
    )
    INSERT INTO {_TABLE} (
        id, business_id, source_id, correlation_id, dedup_key, body, body_digest, headers,
        event_type, accounts, occurred_at, state, reason, last_error
    )
    SELECT id, business_id, source_id, correlation_id, key,
        decode(body, 'base64'), decode(body_digest, 'base64'), headers,
        event_type, accounts, occurred_at, state, reason, last_error
    FROM arrived
    ORDER BY source_id, key, id
    ON CONFLICT (source_id, dedup_key) DO NOTHING
    RETURNING correlation_id
    """,  # noqa: S608  # the table's own name
)


def accept(parcels: Sequence[Parcel]) -> list[Outcome]:
    """Limit, store and deduplicate; one outcome per parcel, in order.

    Every Receipt is durable when this returns. A database that does not answer makes the whole
    batch Unavailable; one poisonous row fails alone.
    """
    outcomes: list[Outcome | None] = list(_limit(parcels))
    admitted = [index for index, outcome in enumerate(outcomes) if outcome is None]
    faultpoint("I4")
    if admitted:
        stored = _store_or_isolate([parcels[index] for index in admitted])
        for index, outcome in zip(admitted, stored, strict=True):
            outcomes[index] = outcome
    faultpoint("I6")
    return [outcome for outcome in outcomes if outcome is not None]


def _limit(parcels: Sequence[Parcel]) -> list[Outcome | None]:
    waits = limiter("open").check([_limits(parcel) for parcel in parcels])
    return [RateLimited(retry_after=wait) if wait else None for wait in waits]


def _limits(parcel: Parcel) -> list[Limit]:
    source = parcel.source
    limits = [
        Limit(key=f"source:{source.id}", per_minute=source.per_minute),
        Limit(key="global", per_minute=settings.RATE_LIMIT_GLOBAL_PER_MINUTE),
    ]
    if parcel.envelope.accounts:
        account = parcel.envelope.accounts[0]
        limits.append(
            Limit(
                key=f"user:{source.business_id}:{account.kind}:{account.external_id}",
                per_minute=settings.RATE_LIMIT_USER_PER_MINUTE,
            )
        )
    if source.kind == "community":
        limits.append(
            Limit(key=f"ip:{parcel.peer}", per_minute=settings.RATE_LIMIT_COMMUNITY_IP_PER_MINUTE)
        )
    return limits


def _store_or_isolate(parcels: Sequence[Parcel]) -> list[Outcome]:
    try:
        return _store(parcels)
    except (DataError, IntegrityError) as error:
        if len(parcels) == 1:
            return [_unstorable(error)]
        return [_store_or_isolate([parcel])[0] for parcel in parcels]
    except (OperationalError, InterfaceError):
        connection.close()
        return [Unavailable(code="database_error", retry_after=5) for _ in parcels]


def _unstorable(error: DataError | IntegrityError) -> VigilError:
    if isinstance(error, IntegrityError):
        return Unavailable("This source has just been removed", retry_after=1)
    return InvalidInput("The body holds a value that cannot be stored")


def _store(parcels: Sequence[Parcel]) -> list[Outcome]:
    rows = json.dumps([_row(parcel) for parcel in parcels])
    fresh = {correlation_id for (correlation_id,) in _INSERT.run(rows)}
    repeated = [parcel for parcel in parcels if str(parcel.correlation_id) not in fresh]
    known = _known(repeated) if repeated else {}
    return [
        _fresh(parcel) if str(parcel.correlation_id) in fresh else _repeated(parcel, known)
        for parcel in parcels
    ]


def _fresh(parcel: Parcel) -> Outcome:
    return parcel.problem or Receipt(event_id=parcel.correlation_id)


def _repeated(parcel: Parcel, known: dict[tuple[int, bytes], tuple[UUID, bytes]]) -> Outcome:
    event_id, body_digest = known[parcel.source.id, parcel.dedup_key]
    if body_digest != parcel.body_digest:
        return Conflict(
            "This id was used before for another body; the first one is kept",
            code="idempotency_conflict",
        )
    return parcel.problem or Receipt(event_id=event_id, duplicate=True)


def _row(parcel: Parcel) -> dict[str, Any]:
    problem, occurred_at = parcel.problem, parcel.envelope.occurred_at
    return {
        "business_id": parcel.source.business_id,
        "source_id": parcel.source.id,
        "correlation_id": str(parcel.correlation_id),
        "dedup_key": _base64(parcel.dedup_key),
        "body": _base64(RawEvent.encrypt_body(parcel.body)),
        "body_digest": _base64(parcel.body_digest),
        "headers": dict(parcel.headers),
        "event_type": parcel.envelope.event_type,
        "accounts": [f"{a.kind.value}:{a.external_id}" for a in parcel.envelope.accounts],
        "occurred_at": occurred_at.isoformat() if occurred_at else None,
        "state": RawEvent.State.QUARANTINED.value if problem else RawEvent.State.RECEIVED.value,
        "reason": problem.code if problem else "",
        "last_error": problem.detail[:300] if problem else "",
    }


def _base64(value: bytes) -> str:
    return b64encode(value).decode("ascii")


def _known(parcels: Sequence[Parcel]) -> dict[tuple[int, bytes], tuple[UUID, bytes]]:
    rows = RawEvent.objects.filter(
        source_id__in={parcel.source.id for parcel in parcels},
        dedup_key__any_of=[parcel.dedup_key for parcel in parcels],
    ).values_list("source_id", "dedup_key", "correlation_id", "body_digest")
    return {
        (source_id, bytes(key)): (correlation_id, bytes(body_digest))
        for source_id, key, correlation_id, body_digest in rows
    }
