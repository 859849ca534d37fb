"""One round over the raw events: some rows claimed, and what they turned out to hold."""

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from apps.core.claims import Claim, Queue, claim
from apps.ingestion import selectors
from apps.ingestion.models import RawEvent, Source
from apps.ingestion.services.normalizing import read
from apps.ingestion.types import RawRow, Reading

_COLUMNS = (
    "id",
    "business_id",
    "source_id",
    "correlation_id",
    "body",
    "headers",
    "accounts",
    "received_at",
    "claim_count",
)

INBOX = Queue(
    model=RawEvent,
    open_states=RawEvent.OPEN,
    claimed_state=RawEvent.State.PROCESSING,
    columns=_COLUMNS,
)

# The same rows, read once already, of which a model is to be asked.
QUESTIONS = Queue(
    model=RawEvent,
    open_states=RawEvent.OPEN_QUESTION,
    claimed_state=RawEvent.State.ASKING,
    columns=_COLUMNS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`poison` are rows that were claimed too often; `members_sources` tell everybody."""

    queue: Queue
    claim: Claim
    readings: list[Reading]
    poison: list[RawRow]
    members_sources: frozenset[int]


def take(queue: Queue, *, limit: int) -> Claim:
    """Claim rows; committed when it returns."""
    return claim(queue, limit=limit, lease_seconds=settings.LEASE_SECONDS)


def open_round(queue: Queue, claimed: Claim) -> Round:
    """Read what was claimed; nothing is written."""
    rows = [_raw_row(values) for values in claimed.rows]
    shapes = selectors.source_shapes({row.source_id for row in rows})
    alive = [row for row in rows if row.claim_count <= settings.MAX_CLAIMS]
    return Round(
        queue=queue,
        claim=claimed,
        readings=read(alive, {source_id: kind for source_id, (kind, _) in shapes.items()}),
        poison=[row for row in rows if row.claim_count > settings.MAX_CLAIMS],
        members_sources=frozenset(
            source_id
            for source_id, (_, audience) in shapes.items()
            if audience == Source.Audience.MEMBERS
        ),
    )


def _raw_row(values: tuple[Any, ...]) -> RawRow:
    row = dict(zip(_COLUMNS, values, strict=True))
    accounts = tuple(row.pop("accounts"))
    headers = json.loads(row.pop("headers"))
    return RawRow(**row, accounts=accounts, headers=headers)
