"""Advisory locks of one transaction, always taken in the same order, so that nobody deadlocks."""

from collections.abc import Iterable

from django.db import connection


def lock_in_order(names: Iterable[str]) -> None:
    """Wait for every named lock; the end of the transaction frees them all."""
    ordered = sorted(set(names))
    if not ordered:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(pg_advisory_xact_lock(key)) FROM (
                SELECT hashtextextended(name, 0) AS key FROM unnest(%s::text[]) AS name ORDER BY 1
            ) AS keys
            """,
            [ordered],
        )
