"""Which inhibitions hold for whom, for a whole batch or as they were then."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from apps.rules.models import Inhibition
from apps.rules.types import ActiveInhibition

# For people to read, and encrypted.
_WORDS = ("comment", "source_sender", "target_sender")


def inhibitions(business_ids: set[int], user_ids: set[int]) -> "Inhibitions":
    """What is inhibited in these businesses for these people.

    One query where there is nothing, and then it is a plain one: it is part of every batch.
    """
    watched = _with_any(business_ids)
    if not watched:
        return Inhibitions(())
    rows = _enabled().filter(Q(user=None) | Q(user_id__any_of=user_ids))
    return Inhibitions(rows.filter(business_id__in=watched))


class Inhibitions:
    """The inhibitions of a batch. False when there are none, as nearly always."""

    def __init__(self, rows: Iterable[Inhibition]) -> None:
        self._entries: dict[tuple[int, int | None], list[ActiveInhibition]] = {}
        for row in rows:
            self._entries.setdefault((row.business_id, row.user_id), []).append(row.active)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def for_person(self, business_id: int, user_id: int) -> tuple[ActiveInhibition, ...]:
        """A person's own, and everybody's."""
        own = self._entries.get((business_id, user_id), ())
        return (*self._entries.get((business_id, None), ()), *own)

    @property
    def longest(self) -> timedelta:
        """How far back what was told may count."""
        found = (entry.window_minutes for entries in self._entries.values() for entry in entries)
        return timedelta(minutes=max(found, default=0))


def past_inhibitions(business_id: int, user_id: int) -> "PastInhibitions":
    """What is inhibited for that person, in one query."""
    rows = _enabled().filter(Q(user=None) | Q(user_id=user_id), business_id=business_id)
    return PastInhibitions([(row.created_at, row.active) for row in rows])


class PastInhibitions:
    """Today's inhibitions with the moments they were made: what changed since has left no trace."""

    def __init__(self, entries: Sequence[tuple[datetime, ActiveInhibition]]) -> None:
        self._entries = entries

    def __bool__(self) -> bool:
        return bool(self._entries)

    def at(self, moment: datetime) -> tuple[ActiveInhibition, ...]:
        """Those that a drain of that moment would have seen."""
        return tuple(active for begun_at, active in self._entries if begun_at <= moment)


def _with_any(business_ids: set[int]) -> set[int]:
    """Which of these have an inhibition that is enabled."""
    table = Inhibition._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT business_id FROM {table} WHERE business_id = ANY(%s) AND enabled",  # noqa: S608  # the table's own name
            [list(business_ids)],
        )
        return {business_id for (business_id,) in cursor.fetchall()}


def _enabled() -> QuerySet[Inhibition]:
    return Inhibition.objects.filter(enabled=True).defer(*_WORDS).order_by()
