"""Who is at their inbox right now: they need no other channel to tell them the same at once."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from apps.accounts.models import User
from apps.notifications.models import Presence

# The part of the window in which a sign of life is not written down again.
_RENEWED = 4


def note(user_ids: Collection[int], *, now: datetime) -> None:
    """One statement for all of them, which writes nothing where the last sign is young enough."""
    if not user_ids or not settings.PRESENCE_WINDOW_SECONDS:
        return
    table, people = Presence._meta.db_table, User._meta.db_table
    young = now - timedelta(seconds=settings.PRESENCE_WINDOW_SECONDS / _RENEWED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} AS known (user_id, seen_at)
            SELECT person.id, %s FROM {people} AS person
            LEFT JOIN {table} AS last ON last.user_id = person.id
            WHERE person.id = ANY(%s) AND (last.seen_at IS NULL OR last.seen_at < %s)
            ORDER BY person.id
            ON CONFLICT (user_id) DO UPDATE SET seen_at = excluded.seen_at
            WHERE known.seen_at < excluded.seen_at
            """,  # noqa: S608  # the tables' own names
            [now, list(user_ids), young],
        )
