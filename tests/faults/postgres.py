"""Cutting connections as an administrator, a fail-over or a restart does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

_OTHERS = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend'
      AND pid <> ALL(%s) AND pid <> pg_backend_pid()
"""


def terminate_all_others() -> None:
    """Every connection to the test's database but this one."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [[]])


@contextmanager
def away() -> Iterator[None]:
    """No connection to the test's database but this one, and no new one, inside a `with` block."""
    name = sql.Identifier(connection.settings_dict["NAME"])
    allow = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    with psycopg.connect(**{**_parameters(), "dbname": "postgres"}, autocommit=True) as other:
        other.execute(allow.format(name, sql.Literal(False)))
        try:
            terminate_all_others()
            yield
        finally:
            other.execute(allow.format(name, sql.Literal(True)))


def _parameters() -> dict[str, Any]:
    return {
        name: value
        for name, value in connection.get_connection_params().items()
        if name in {"dbname", "user", "password", "host", "port"}
    }


class Cutter(threading.Thread):
    """Cuts every connection but the test's own, every `pause_seconds`, inside a `with` block."""

    def __init__(self, *, pause_seconds: float) -> None:
        super().__init__()
        self.cuts = 0
        self._pause_seconds = pause_seconds
        self._stopping = threading.Event()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self._spared = [cursor.fetchone()[0]]
        self._parameters = _parameters()

    def __enter__(self) -> "Cutter":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self.join()

    def run(self) -> None:
        with psycopg.connect(**self._parameters, autocommit=True) as own:
            while not self._stopping.wait(self._pause_seconds):
                row = own.execute(_OTHERS, [self._spared]).fetchone()
                self.cuts += row[0] if row else 0
