"""How often each person is told on each of their days, and through what: one statement a batch."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from apps.notifications.engines.recipient import days_told
from apps.notifications.models import Tally
from apps.notifications.services.deciding import Decided
from apps.notifications.types import Outcome


def count(told: Sequence[Decided], now: datetime) -> None:
    """What interrupts, on the day it is decided; what takes another channel, on the day it does."""
    counts = Counter(
        (item.user_id, "", item.local_date)
        for item in told
        if item.decision.outcome is Outcome.NOTIFY_NOW
    )
    counts.update(
        (item.user_id, channel, day)
        for item in told
        if len(item.preference.channels) > 1
        for channel, day in days_told(item.preference, item.judged.verdict.priority, item.decision)
    )
    if not counts:
        return
    table = Tally._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (user_id, channel, local_date, count, last_at)
            SELECT *, %s FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::int[])
            ON CONFLICT (user_id, channel, local_date) DO UPDATE
            SET count = {table}.count + excluded.count,
                last_at = greatest({table}.last_at, excluded.last_at)
            """,  # noqa: S608  # the table's own name
            [
                now,
                *map(list, zip(*sorted(counts), strict=True)),
                [counts[key] for key in sorted(counts)],
            ],
        )
