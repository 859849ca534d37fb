"""Counting interruptions on the local day they happen, in the caller's transaction."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from apps.notifications.models import Tally
from apps.notifications.services.deciding import Decided
from apps.notifications.types import Outcome

_COUNTED = (Outcome.NOTIFY_NOW, Outcome.DEFER)


def count_interruptions(decided: Iterable[Decided], now: datetime) -> None:
    """What is told now counts today, and what is put off on the day it is due."""
    counts: Counter[tuple[int, date]] = Counter()
    told: set[tuple[int, date]] = set()
    for item in decided:
        outcome, key = item.decision.outcome, (item.user_id, item.local_date)
        if outcome in _COUNTED:
            counts[key] += 1
        if outcome is Outcome.NOTIFY_NOW:
            told.add(key)
    if counts:
        _add(counts, told, now)


def _add(counts: Counter[tuple[int, date]], told: set[tuple[int, date]], now: datetime) -> None:
    """Rows are locked in one order; nobody was interrupted yet by what is only promised."""
    table, keys = Tally._meta.db_table, sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (user_id, local_date, count, last_at)
            SELECT person, day, times, CASE WHEN told THEN %s::timestamptz END
            FROM unnest(%s::bigint[], %s::date[], %s::int[], %s::bool[])
                AS one (person, day, times, told)
            ON CONFLICT (user_id, local_date) DO UPDATE
            SET count = {table}.count + excluded.count,
                last_at = greatest({table}.last_at, excluded.last_at)
            """,  # noqa: S608  # the table's own name
            [
                now,
                [user for user, _ in keys],
                [day for _, day in keys],
                [counts[key] for key in keys],
                [key in told for key in keys],
            ],
        )
