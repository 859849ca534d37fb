"""Re-encrypting what other keys than the first one encrypted, so that they can leave the ring.

A token's first bytes name its key, so the rows left are counted and found in SQL, and an
interrupted rotation continues by being started again. A row somebody else holds is skipped.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

from apps.core import crypto
from apps.core.fields import EncryptedField

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedColumn:
    """Where tokens are; `key_type` is the primary key's type in the database."""

    table: str
    column: str
    key: str
    key_type: LiteralString

    @property
    def context(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction did: rows re-encrypted, and rows no key of the ring could read."""

    last_key: Any
    rotated: int
    unreadable: int


def encrypted_columns(of: Iterable[type[models.Model]] | None = None) -> list[EncryptedColumn]:
    """Every encrypted column of the given models, or of all installed ones."""
    tables = apps.get_models(include_auto_created=True) if of is None else of
    return [
        _column(model, field)
        for model in tables
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedField)
    ]


def rows_left(column: EncryptedColumn) -> int:
    """How many rows another key than the first one encrypted."""
    with connection.cursor() as cursor:
        cursor.execute(_statement("SELECT count(*) FROM {table} WHERE {stale}", column))
        return int(cursor.fetchone()[0])


def rotate(column: EncryptedColumn, *, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Re-encrypt the column in key order, one short transaction a batch."""
    last_key = None
    while True:
        batch = _rotate_batch(column, last_key, batch_rows)
        if batch is None:
            return
        yield batch
        last_key = batch.last_key


def _rotate_batch(column: EncryptedColumn, after: Any, limit: int) -> Batch | None:
    with transaction.atomic():
        rows = _claim(column, after, limit)
        if not rows:
            return None
        renewed = [(key, token) for key, old in rows if (token := _renewed(column, old))]
        _store(column, renewed)
    return Batch(last_key=rows[-1][0], rotated=len(renewed), unreadable=len(rows) - len(renewed))


def _claim(column: EncryptedColumn, after: Any, limit: int) -> list[tuple[Any, bytes]]:
    query = _statement(
        "SELECT {key}, {column} FROM {table}"
        " WHERE {stale} AND (%(after)s::{key_type} IS NULL OR {key} > %(after)s::{key_type})"
        " ORDER BY {key} LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED",
        column,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, {"after": after, "limit": limit})
        return [(key, bytes(token)) for key, token in cursor.fetchall()]


def _renewed(column: EncryptedColumn, token: bytes) -> bytes | None:
    try:
        plaintext = crypto.decrypt(token, context=column.context)
    except crypto.DecryptionError:
        return None
    return crypto.encrypt(plaintext, context=column.context)


def _store(column: EncryptedColumn, renewed: list[tuple[Any, bytes]]) -> None:
    query = _statement(
        "UPDATE {table} SET {column} = renewed.token"
        " FROM unnest(%(keys)s::{key_type}[], %(tokens)s::bytea[]) AS renewed (key, token)"
        " WHERE {table}.{key} = renewed.key",
        column,
    )
    keys, tokens = [key for key, _ in renewed], [token for _, token in renewed]
    with connection.cursor() as cursor:
        cursor.execute(query, {"keys": keys, "tokens": tokens})


def _statement(template: LiteralString, column: EncryptedColumn) -> sql.Composed:
    header = crypto.current_header()
    name = sql.Identifier(column.column)
    stale = sql.SQL("{column} IS NOT NULL AND substring({column} FROM 1 FOR {size}) <> {header}")
    return sql.SQL(template).format(
        table=sql.Identifier(column.table),
        column=name,
        key=sql.Identifier(column.key),
        key_type=sql.SQL(column.key_type),
        stale=stale.format(column=name, size=sql.Literal(len(header)), header=sql.Literal(header)),
    )


def _column(model: type[models.Model], field: EncryptedField[Any, Any]) -> EncryptedColumn:
    key = model._meta.pk
    return EncryptedColumn(
        table=model._meta.db_table,
        column=str(field.column),
        key=str(key.column),
        key_type=str(key.rel_db_type(connection)),
    )
