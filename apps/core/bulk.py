"""Set-based work: many rows of one table in one COPY, ids known beforehand, reads in batches.

COPY costs about a third of `bulk_create` for the same rows (docs/performance.md). It is for the
append-only rows of the drains; everything else uses the ORM.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb

from apps.core.fields import EncryptedField

RowT = TypeVar("RowT")


def in_batches(rows: Iterable[RowT], *, size: int) -> Iterator[list[RowT]]:
    """`rows` in lists of at most `size`, none of them empty."""
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


@cache
def _sequence_name(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{model._meta.db_table}"'])
        return str(cursor.fetchone()[0])


def reserve_ids(wanted: Sequence[tuple[type[models.Model], int]]) -> list[list[int]]:
    """New primary keys for several tables, in one query: `reserve_ids([(Event, 3)])[0]`."""
    select = ", ".join(
        "ARRAY(SELECT nextval(%s::regclass) FROM generate_series(1, %s))" for _ in wanted
    )
    parameters = [value for model, count in wanted for value in (_sequence_name(model), count)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {select}", parameters)  # only placeholders are joined
        return list(cursor.fetchone())


def fields_of(model: type[models.Model], names: Iterable[str]) -> list["models.Field[Any, Any]"]:
    return [cast("models.Field[Any, Any]", model._meta.get_field(name)) for name in names]


def column_list(model: type[models.Model], names: Iterable[str]) -> sql.Composed:
    """The columns behind field names, ready for an INSERT or a COPY."""
    columns = [sql.Identifier(str(field.column)) for field in fields_of(model, names)]
    return sql.SQL(", ").join(columns)


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a Python value of this column goes into COPY; None where psycopg knows by itself."""
    if isinstance(field, EncryptedField):
        return field.get_prep_value
    return Jsonb if isinstance(field, models.JSONField) else None


@cache
def _plan(
    model: type[models.Model], columns: tuple[str, ...]
) -> tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...]]:
    fields = fields_of(model, columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), column_list(model, columns)
    )
    writers = ((index, _writer(field)) for index, field in enumerate(fields))
    return statement.as_string(), tuple((i, writer) for i, writer in writers if writer is not None)


def copy_rows(
    model: type[models.Model], columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
) -> None:
    """Write rows of `columns` (field names) as they are: no signals, no Python defaults."""
    statement, writers = _plan(model, columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = list(row)
            for index, write in writers:
                if values[index] is not None:
                    values[index] = write(values[index])
            copy.write_row(values)
