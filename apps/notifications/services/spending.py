"""What messages may cost: four caps for each, in PostgreSQL (reliability.md R19).

One person's day and month, their tenant's day and month, each by channel and by UTC. A message is
booked in all four or refused; what was surely not sent is given back. Losing Redis loses nothing.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from apps.notifications.engines.allotting import Claim, allot
from apps.notifications.models import SpendCap, SpendCounter, SpendPeriod

_TABLE = SpendCounter._meta.db_table
_EVERYBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One message. `key` is what its caller knows it by; `micros` is the most it may cost."""

    key: Hashable
    user_id: int
    business_id: int
    channel: str
    micros: int


class _Counter(NamedTuple):
    """In the order in which rows are locked. `user_id` is _EVERYBODY for the tenant's own."""

    business_id: int
    user_id: int
    channel: str
    period: str
    start: date


class _Row(NamedTuple):
    id: int
    spent_micros: int


def reserve(asked: Sequence[Asked], *, now: datetime) -> set[Hashable]:
    """Book what there is room for, earlier ones first. Returns the keys of those there is not.

    For the transaction that writes the attempts, before they are written: three statements for
    the whole batch, and until the commit nobody else spends from the same counters. `now` settles
    day and month, so `give_back` must be told the same.
    """
    claims = [_claim(one, now) for one in asked]
    if not claims:
        return set()
    rows = _lock(claims)
    allotment = allot(
        claims,
        spent={counter: row.spent_micros for counter, row in rows.items()},
        caps=_caps(rows),
    )
    _add({rows[counter].id: micros for counter, micros in allotment.taken.items()})
    return set(allotment.refused)


def give_back(unspent: Sequence[tuple[Asked, datetime]]) -> None:
    """What was reserved, each with the `now` of its `reserve`, and then surely not spent.

    In the transaction that writes that down, and once in it: rows are locked in one order.
    """
    claims = [_claim(one, reserved_at) for one, reserved_at in unspent]
    if not claims:
        return
    rows, back = _lock(claims), dict[int, int]()
    for claim in claims:
        for counter in claim.counters:
            back[rows[counter].id] = back.get(rows[counter].id, 0) - claim.micros
    _add(back)


def _claim(one: Asked, now: datetime) -> Claim[Hashable, _Counter]:
    day = now.date()
    periods = ((SpendPeriod.DAY.value, day), (SpendPeriod.MONTH.value, day.replace(day=1)))
    return Claim(
        key=one.key,
        micros=one.micros,
        counters=[
            _Counter(one.business_id, user_id, one.channel, period, start)
            for user_id in (one.user_id, _EVERYBODY)
            for period, start in periods
        ],
    )


def _lock(claims: Sequence[Claim[Hashable, _Counter]]) -> dict[_Counter, _Row]:
    """Every counter's row, made where there is none, locked in one order for everybody."""
    counters = sorted({counter for claim in claims for counter in claim.counters})
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {_TABLE} (business_id, user_id, channel, period, start, spent_micros)
            SELECT business, nullif(person, {_EVERYBODY}), channel, period, start, 0
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::date[])
                AS one (business, person, channel, period, start)
            ON CONFLICT ON CONSTRAINT spend_once DO UPDATE
            SET spent_micros = {_TABLE}.spent_micros
            RETURNING business_id, coalesce(user_id, {_EVERYBODY}), channel, period, start, id,
                spent_micros
            """,  # noqa: S608  # the table's own name
            [list(column) for column in zip(*counters, strict=True)],
        )
        return {_Counter(*row[:5]): _Row(*row[5:]) for row in cursor.fetchall()}


def _add(micros: Mapping[int, int]) -> None:
    """To rows that are locked, so that no other condition is needed. None falls below 0."""
    if not micros:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {_TABLE} AS row
            SET spent_micros = greatest(0, row.spent_micros + one.micros)
            FROM unnest(%s::bigint[], %s::bigint[]) AS one (id, micros) WHERE row.id = one.id
            """,  # noqa: S608  # the table's own name
            [list(micros), list(micros.values())],
        )


def _caps(counters: Mapping[_Counter, _Row]) -> dict[_Counter, int]:
    own = {
        (cap.business_id, cap.channel): cap
        for cap in SpendCap.objects.filter(business_id__in={one.business_id for one in counters})
    }
    return {
        counter: _cap(counter, own.get((counter.business_id, counter.channel)))
        for counter in counters
    }


def _cap(counter: _Counter, own: SpendCap | None) -> int:
    """The tenant's own one, else for sms by day and person SMS_USER_DAILY_CAP_MICROS, and so on."""
    whose = "tenant" if counter.user_id == _EVERYBODY else "user"
    often = "daily" if counter.period == SpendPeriod.DAY else "monthly"
    chosen: int | None = getattr(own, f"{whose}_{often}_micros", None)
    if chosen is not None:
        return chosen
    default: int = getattr(settings, f"{counter.channel}_{whose}_{often}_cap_micros".upper())
    return default
