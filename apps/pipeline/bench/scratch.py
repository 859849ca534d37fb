"""A database of the bench's own on the same server, and a Redis database nobody else uses."""

import contextlib
import os
import re
from collections.abc import Iterator

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

NAME = "vigil_bench"
REDIS_DATABASE = 13


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """Inside the block this process and its children work on empty, migrated, separate stores."""
    before = settings.DATABASES["default"]["NAME"]
    administration = psycopg.connect(**connection.get_connection_params(), autocommit=True)
    _recreate(administration)
    previous = {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")}
    os.environ["DATABASE_URL"] = _renamed(settings.DATABASE_URL, before)
    os.environ["REDIS_URL"] = settings.REDIS_URL = _redis_url(settings.REDIS_URL)
    _use(NAME)
    try:
        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        connection.close()
        _use(before)
        administration.execute(_drop())
        administration.close()
        os.environ.update({name: value for name, value in previous.items() if value is not None})


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _recreate(administration: psycopg.Connection) -> None:
    administration.execute(_drop())
    administration.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))


def _drop() -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))


def _renamed(url: str, before: str) -> str:
    """The same server, another database: the last part of the path, before any query."""
    return re.sub(rf"/{re.escape(before)}(?=\?|$)", f"/{NAME}", url, count=1)


def _redis_url(url: str) -> str:
    if url.startswith("unix://"):
        return f"{url.partition('?')[0]}?db={REDIS_DATABASE}"
    return re.sub(r"(?<!/)/\d*$", "", url) + f"/{REDIS_DATABASE}"
