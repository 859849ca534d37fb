"""A database of the bench's own on the same server, and a Redis database nobody else uses."""

import contextlib
import os
import re
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

NAME = "vigil_bench"
REDIS_DATABASE = 13


@contextlib.contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """The environment of a process that works on empty stores; they are gone after the block."""
    administration = psycopg.connect(**connection.get_connection_params(), autocommit=True)
    administration.execute(_drop())
    administration.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    try:
        yield {
            **os.environ,
            "DATABASE_URL": _database_url(settings.DATABASE_URL),
            "REDIS_URL": _redis_url(settings.REDIS_URL),
        }
    finally:
        administration.execute(_drop())
        administration.close()


def _drop() -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))


def _database_url(url: str) -> str:
    """The same server, another database: the last part of the path, before any query."""
    address, separator, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{NAME}{separator}{query}"


def _redis_url(url: str) -> str:
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={REDIS_DATABASE}"
    return re.sub(r"(?<!/)/\d*$", "", url) + f"/{REDIS_DATABASE}"
