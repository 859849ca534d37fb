"""A cursor whose statements PostgreSQL plans once per connection.

Django binds values on the client, so each of its statements is parsed and planned anew. That is
a fifth of the cost of a small batch; the few statements that run thousands of times a minute use
this instead. Behind a pooler that shares sessions, it must know about prepared statements.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def prepared_cursor() -> Iterator[psycopg.Cursor[Any]]:
    """For `cursor.execute(query, values, prepare=True)`. Errors come out as Django's own."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor
