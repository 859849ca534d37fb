"""How often each person is told on each of their days, and through what: one statement a batch."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection

from apps.notifications.engines.recipient import days_told
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Tally
from apps.notifications.services.deciding import Decided
from apps.notifications.types import Outcome

_INTERRUPTS = (Outcome.NOTIFY_NOW, Outcome.DEFER)
# A person, a channel or "", and one of their days.
Key = tuple[int, str, date]


def count(told: Sequence[Decided], now: datetime) -> None:
    """What interrupts, and what takes another channel: each on the day it does."""
    counts = Counter(_key(item) for item in told if item.decision.outcome in _INTERRUPTS)
    counts.update((item.user_id, channel, day) for item in told for channel, day in _through(item))
    if counts:
        at_once = {_key(item) for item in told if item.decision.outcome is Outcome.NOTIFY_NOW}
        _add(counts, at_once, now)


def counted_days(item: Decided) -> dict[str, date]:
    """Channel → the day it counts on there. In the inbox it is that of what was put off: what is
    told at once stays counted, whatever becomes of it.
    """
    days = dict(_through(item))
    if item.decision.outcome is Outcome.DEFER:
        days[INBOX] = item.local_date
    return days


def shift(changes: Counter[Key]) -> None:
    """What is told on another day than it was promised for counts there. Nothing falls below 0.

    The first statement locks the rows of both days in the one order, also those it adds nothing to.
    """
    changes = Counter({key: times for key, times in changes.items() if times})
    if changes:
        _add(Counter({key: max(0, times) for key, times in changes.items()}), set(), None)
    gone = Counter({key: -times for key, times in changes.items() if times < 0})
    if gone:
        _take(gone)


def _through(item: Decided) -> list[tuple[str, date]]:
    """The channels but the inbox that it counts for, each with its local day."""
    if len(item.preference.channels) <= 1:
        return []
    return days_told(item.preference, item.judged.verdict, item.decision)


def _key(item: Decided) -> Key:
    return item.user_id, "", item.local_date


def _add(counts: Counter[Key], at_once: set[Key], now: datetime | None) -> None:
    """Rows are locked in one order; nobody was interrupted yet by what is only promised."""
    table, keys = Tally._meta.db_table, sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (user_id, channel, local_date, count, last_at)
            SELECT person, channel, day, times, CASE WHEN told THEN %s::timestamptz END
            FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::int[], %s::bool[])
                AS one (person, channel, day, times, told)
            ON CONFLICT (user_id, channel, local_date) DO UPDATE
            SET count = {table}.count + excluded.count,
                last_at = greatest({table}.last_at, excluded.last_at)
            """,  # noqa: S608  # the table's own name
            [
                now,
                *map(list, zip(*keys, strict=True)),
                [counts[key] for key in keys],
                [key in at_once for key in keys],
            ],
        )


def _take(counts: Counter[Key]) -> None:
    """Rows are locked in the order in which `_add` does."""
    table, keys = Tally._meta.db_table, sorted(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH one AS (
                SELECT tally.id, taken.times FROM {table} AS tally
                JOIN unnest(%s::bigint[], %s::text[], %s::date[], %s::int[])
                    AS taken (person, channel, day, times)
                ON (user_id, tally.channel, local_date) = (person, taken.channel, day)
                ORDER BY user_id, tally.channel, local_date FOR UPDATE OF tally
            )
            UPDATE {table} AS tally SET count = greatest(0, tally.count - one.times)
            FROM one WHERE tally.id = one.id
            """,  # noqa: S608  # the table's own name
            [*map(list, zip(*keys, strict=True)), [counts[key] for key in keys]],
        )
