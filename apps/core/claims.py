"""PostgreSQL as the queue: rows with a state, claimed in batches under a lease and a fencing token.

A row may be claimed when its state is open and `due_at` has passed. A claim moves `due_at` a lease
ahead and writes a new token, so a worker that died gives its rows back by itself, and one that was
merely frozen finds its later writes fenced off: they all ask for the token and touch no row. Only
the database's clock is ever read (docs/adr/0002).

A row whose claims keep ending without a result may be what kills its workers. From SUSPECT_CLAIMS
on it is claimed alone, so that it takes no neighbour down with it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, LiteralString

from django.db import connection, models
from psycopg import sql


class QueueRow(models.Model):
    """What a table needs to be a queue; its partial index on (due_at, id) is the table's own."""

    due_at = models.DateTimeField(db_default=models.functions.Now())
    token = models.UUIDField(null=True, editable=False)
    claim_count = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A table seen as a queue: which states may be claimed, and what a claimed row is called."""

    model: type[QueueRow]
    open_states: tuple[str, ...]
    claimed_state: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """`rows` are ordered by id; each holds the queue's columns, in order, the id first."""

    token: uuid.UUID
    rows: list[tuple[Any, ...]]


SUSPECT_CLAIMS = 2

_NEXT: LiteralString = """
    SELECT claim_count >= {suspect_claims} FROM {table}
    WHERE state IN ({open_states}) AND due_at <= clock_timestamp()
    ORDER BY due_at, id
    FOR UPDATE SKIP LOCKED
    LIMIT 1
"""

_CLAIM: LiteralString = """
    WITH picked AS MATERIALIZED (
        SELECT id FROM {table}
        WHERE state IN ({open_states}) AND due_at <= clock_timestamp()
            AND (claim_count >= {suspect_claims}) = %(alone)s
        ORDER BY due_at, id
        FOR UPDATE SKIP LOCKED
        LIMIT %(limit)s
    )
    UPDATE {table} AS row
    SET state = {claimed_state},
        token = %(token)s,
        due_at = clock_timestamp() + make_interval(secs => %(lease_seconds)s),
        claim_count = claim_count + 1
    FROM picked
    WHERE row.id = picked.id
    RETURNING {columns}
"""

_FENCE: LiteralString = """
    SELECT id FROM {table}
    WHERE id = ANY(%(ids)s) AND token = %(token)s AND state = {claimed_state}
    ORDER BY id FOR UPDATE
"""


@cache
def _statement(template: LiteralString, queue: Queue) -> str:
    """States are literals, so that the planner sees the partial index that was made for them."""
    return (
        sql.SQL(template)
        .format(
            table=sql.Identifier(queue.model._meta.db_table),
            suspect_claims=sql.Literal(SUSPECT_CLAIMS),
            open_states=sql.SQL(", ").join(sql.Literal(str(state)) for state in queue.open_states),
            claimed_state=sql.Literal(str(queue.claimed_state)),
            columns=sql.SQL(", ").join(sql.Identifier("row", name) for name in queue.columns),
        )
        .as_string()
    )


def claim(queue: Queue, *, limit: int, lease_seconds: float) -> Claim:
    """Take up to `limit` due rows, a suspect one alone. Commit before working on them."""
    token = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(_statement(_NEXT, queue))
        next_row = cursor.fetchone()
        if next_row is None:
            return Claim(token=token, rows=[])
        parameters: dict[str, Any] = {
            "alone": next_row[0],
            "limit": 1 if next_row[0] else limit,
            "token": token,
            "lease_seconds": lease_seconds,
        }
        cursor.execute(_statement(_CLAIM, queue), parameters)
        rows = cursor.fetchall()
    return Claim(token=token, rows=sorted(rows, key=lambda row: row[0]))


def fence(queue: Queue, token: uuid.UUID, ids: Sequence[int]) -> set[int]:
    """Lock the rows of `ids` that are still ours; the others were taken away.

    Call it first in the transaction that writes the results: a row it does not return has another
    owner now, and whatever was worked out for it is dropped. Until the transaction ends nobody
    else can claim the rows, however long their lease has been over.
    """
    parameters: dict[str, Any] = {"ids": list(ids), "token": token}
    with connection.cursor() as cursor:
        cursor.execute(_statement(_FENCE, queue), parameters)
        return {row[0] for row in cursor.fetchall()}
