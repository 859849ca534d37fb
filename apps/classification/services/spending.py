"""What models cost each tenant: a monthly budget that degrades to rules instead of failing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from apps.classification import selectors
from apps.classification.engines.settling import Asked
from apps.classification.models import ModelCall, ModelSpend

_COUNTED = ("calls", "tokens", "cost_micros", "questions", "kept", "fallbacks")


def within_budget(business_ids: set[int], *, now: datetime) -> set[int]:
    """The businesses whose budget of this month (UTC) is not used up.

    A batch is not cut in the middle, so a budget may be exceeded by the cost of one batch.
    """
    budget = settings.LLM_MONTHLY_BUDGET_MICROS
    if not budget or not business_ids:
        return business_ids
    spent = selectors.spent_in(month_of(now), business_ids)
    return {business for business in business_ids if spent.get(business, 0) < budget}


def book(calls: Sequence[ModelCall], *, now: datetime) -> None:
    """Write down every call, and what the month has cost by now."""
    if not calls:
        return
    ModelCall.objects.bulk_create(calls)
    totals = _totals(call.business_id for call in calls)
    for call in calls:
        totals[call.business_id].update(
            calls=1,
            tokens=call.prompt_tokens + call.completion_tokens,
            cost_micros=call.cost_micros,
        )
    _add(totals, now=now)


def book_questions(asked: Sequence[tuple[int, Asked]], *, now: datetime) -> None:
    """Count what became of the questions of each business."""
    totals = _totals(business for business, _ in asked)
    for business, answer in asked:
        totals[business].update(
            questions=1, kept=int(answer.cached), fallbacks=int(answer.opinion is None)
        )
    _add(totals, now=now)


def month_of(now: datetime) -> date:
    return now.date().replace(day=1)


def _totals(businesses: Iterable[int]) -> dict[int, Counter[str]]:
    """In one order for everybody, since rows are locked in it."""
    return {business: Counter() for business in sorted(set(businesses))}


def _add(totals: Mapping[int, Counter[str]], *, now: datetime) -> None:
    if not totals:
        return
    table = ModelSpend._meta.db_table
    columns = ", ".join(_COUNTED)
    sums = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in _COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (business_id, month, {columns})
            SELECT business, %s, {columns}
            FROM unnest(%s::bigint[], {", ".join(["%s::bigint[]"] * len(_COUNTED))})
                AS fresh (business, {columns})
            ON CONFLICT (business_id, month) DO UPDATE SET {sums}
            """,  # noqa: S608  # names of our own
            [
                month_of(now),
                list(totals),
                *([total[name] for total in totals.values()] for name in _COUNTED),
            ],
        )
