"""A statement that PostgreSQL plans once per connection and libpq runs in one call.

Django binds values on the client, so each of its statements is parsed and planned anew, and the
driver's cursor waits and reads in Python. Together that is a third of what a small batch costs; the
few statements that run thousands of times a minute use this instead. Behind a pooler that shares
sessions, it must know about prepared statements.
"""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

# Connection → the names of what was prepared on it.
_prepared: WeakKeyDictionary[psycopg.Connection[object], set[str]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` has $1, $2 … for its parameters. What goes in and what comes out are texts."""

    name: str
    text: str

    def run(self, *parameters: str) -> list[tuple[str | None, ...]]:
        """The rows. Raises Django's own errors, OperationalError for a connection that is lost."""
        connection.ensure_connection()
        driver: psycopg.Connection[object] = connection.connection
        values = [parameter.encode() for parameter in parameters]
        with connection.wrap_database_errors:
            if not driver.autocommit and _idle(driver):
                # The driver begins a transaction with its first statement, and sees none of ours.
                driver.execute("")
            try:
                return _rows(self._sent(driver, values))
            except InvalidSqlStatementName:
                # DISCARD ALL, or a pooler, has thrown it away; nothing has been run.
                _prepared[driver].discard(self.name)
                if not _idle(driver):
                    raise
                return _rows(self._sent(driver, values))

    def _sent(self, driver: psycopg.Connection[object], values: list[bytes]) -> PGresult:
        conn, name = driver.pgconn, self.name.encode()
        names = _prepared.setdefault(driver, set())
        if self.name not in names:
            _checked(conn, conn.prepare(name, self.text.encode()))
            names.add(self.name)
        return _checked(conn, conn.exec_prepared(name, values))


def _idle(driver: psycopg.Connection[object]) -> bool:
    return driver.info.transaction_status == TransactionStatus.IDLE


def _checked(conn: PGconn, result: PGresult) -> PGresult:
    if result.status in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        return result
    if conn.status != ConnStatus.OK:
        raise psycopg.OperationalError("the connection is lost")
    raise error_from_result(result)


def _rows(result: PGresult) -> list[tuple[str | None, ...]]:
    return [
        tuple(_text(result.get_value(row, column)) for column in range(result.nfields))
        for row in range(result.ntuples)
    ]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
