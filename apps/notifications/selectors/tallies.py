"""How often people are interrupted, by their own days."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F, Max

from apps.notifications.models import Delivery, Move, Notification, Tally
from apps.notifications.types import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallied:
    """`counts` of each local day, also of those to come; `last_at` is the last interruption."""

    counts: Mapping[date, int]
    last_at: datetime | None

    def on(self, day: date) -> int:
        return self.counts.get(day, 0)

    def after(self, day: date) -> dict[date, int]:
        return {later: count for later, count in self.counts.items() if later > day}


NEVER = Tallied(counts={}, last_at=None)


def tallies_of(today: Mapping[int, date]) -> dict[int, Tallied]:
    """Person → tally, of their own `today`, of what follows, and as far back as they were told.

    One query. Who was never told and is not to be is left out.
    """
    table = Tally._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, tally.local_date, tally.count, tally.last_at
            FROM unnest(%s::bigint[], %s::date[]) AS people (person, today)
            CROSS JOIN LATERAL (
                SELECT local_date, count, last_at FROM {table}
                WHERE user_id = person AND channel = '' AND local_date >= least(today, (
                    SELECT max(local_date) FROM {table}
                    WHERE user_id = person AND channel = '' AND last_at IS NOT NULL
                ))
            ) AS tally
            """,  # noqa: S608  # the table's own name
            [list(today), list(today.values())],
        )
        rows: dict[int, list[tuple[date, int, datetime | None]]] = {}
        for person, *row in cursor.fetchall():
            rows.setdefault(person, []).append((row[0], row[1], row[2]))
    return {
        person: Tallied(
            counts={day: count for day, count, _ in found},
            last_at=max((at for _, _, at in found if at is not None), default=None),
        )
        for person, found in rows.items()
    }


def last_released(
    user_ids: Collection[int], *, since: datetime, until: datetime
) -> dict[int, datetime]:
    """Person → when the last thing that was put off was told, after `since`. One query, or none.

    As it was moved since then; what was set aside was not told.
    """
    if not user_ids:
        return {}
    rows = Notification.objects.filter(
        user_id__any_of=user_ids,
        due_at__gt=F("created_at"),
        decision__outcome=Outcome.DEFER,
        moot_reason="",
    ).filter(due_at__gt=since, due_at__lte=until)
    return dict(rows.order_by().values_list("user_id").annotate(last=Max("due_at")))


def counted_on(notification_ids: Collection[int]) -> dict[tuple[int, str], date | None]:
    """(notification, channel) → the day whose tally counts it by now; None is no day any more.

    Left out is what says no day: what nothing counts, and what was decided or moved before days
    were written down. Two queries for all of them.
    """
    decided = Delivery.objects.filter(notification_id__any_of=notification_ids)
    days: dict[tuple[int, str], date | None] = {
        (pk, channel): day
        for pk, channel, day in decided.values_list("notification_id", "channel", "counted_on")
        if day is not None
    }
    moves = Move.objects.filter(notification_id__any_of=notification_ids).order_by("pk")
    for pk, channel, due_at, day in moves.values_list(
        "notification_id", "channel", "due_at", "counted_on"
    ):
        if day is not None or due_at is None:
            days[pk, channel] = day
        else:
            days.pop((pk, channel), None)
    return days
