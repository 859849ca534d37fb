"""What the noise filter must know of a whole batch, besides everybody's preferences."""

from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection

from apps.accounts.models import ClientAssignment
from apps.notifications.models import Notification
from apps.notifications.types import Told

# How many of the latest notifications are compared with, and as many of what was put off before:
# a flood is when repeats come.
TOLD_LOOKBACK_ROWS = 100
# How many of the latest notifications tell when somebody reads.
READS_LOOKBACK_ROWS = 200


def assignments(user_ids: set[int], client_ids: set[int]) -> frozenset[tuple[int, int]]:
    """(user, client) where that person looks after that client. Asks nothing about nobody."""
    rows = ClientAssignment.objects.filter(
        user_id__any_of=user_ids, client_id__any_of=client_ids
    ).values_list("user_id", "client_id")
    return frozenset(rows)


def told_since(user_ids: set[int], since: datetime) -> dict[int, tuple[Told, ...]]:
    """What each person was told since then or is still to be, whenever that was decided.

    At most TOLD_LOOKBACK_ROWS of what was decided since, the newest, and as many of what had been
    put off, what is due first. What was set aside is not told.
    """
    table, most = Notification._meta.db_table, TOLD_LOOKBACK_ROWS
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, told.fingerprint, told.text_fingerprint, told.public_id,
                extract(epoch FROM told.due_at)::float8
            FROM unnest(%s::bigint[]) AS person
            CROSS JOIN LATERAL (
                (
                    SELECT fingerprint, text_fingerprint, public_id, due_at FROM {table}
                    WHERE user_id = person AND created_at >= %s AND moot_reason = ''
                    ORDER BY created_at DESC, id DESC LIMIT %s
                ) UNION ALL (
                    SELECT fingerprint, text_fingerprint, public_id, due_at FROM {table}
                    WHERE user_id = person AND due_at > created_at
                    AND due_at >= %s AND created_at < %s AND moot_reason = ''
                    ORDER BY due_at, id DESC LIMIT %s
                )
            ) AS told
            """,  # noqa: S608  # the table's own name
            [list(user_ids), since, most, since, since, most],
        )
        found: dict[int, list[Told]] = {}
        # Thousands of moments a batch: a number becomes one fifty times faster than a text.
        for person, fingerprint, text, ref, seconds in cursor.fetchall():
            at = datetime.fromtimestamp(seconds, UTC)
            told = Told(fingerprint=fingerprint, at=at, text_fingerprint=text, ref=ref)
            found.setdefault(person, []).append(told)
    return {person: tuple(told) for person, told in found.items()}


def reads_by_hour(zones: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Person → how many of their latest READS_LOOKBACK_ROWS they read in each hour of their day.

    `zones` are the IANA names of each one's zone. Who has read nothing is left out.
    """
    if not zones:
        return {}
    table = Notification._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, extract(hour FROM told.read_at AT TIME ZONE zone)::int, count(*)
            FROM unnest(%s::bigint[], %s::text[]) AS people (person, zone)
            CROSS JOIN LATERAL (
                SELECT read_at FROM {table} WHERE user_id = person
                ORDER BY created_at DESC, id DESC LIMIT %s
            ) AS told
            WHERE told.read_at IS NOT NULL GROUP BY 1, 2
            """,  # noqa: S608  # the table's own name
            [list(zones), list(zones.values()), READS_LOOKBACK_ROWS],
        )
        found: dict[int, list[int]] = {}
        for person, hour, count in cursor.fetchall():
            found.setdefault(person, [0] * 24)[hour] = count
    return {person: tuple(counts) for person, counts in found.items()}
