"""What models cost each tenant: a monthly budget that degrades to rules instead of failing."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from apps.classification import selectors
from apps.classification.models import ModelCall, ModelSpend


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
    totals: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for call in calls:
        total = totals[call.business_id]
        total[0] += 1
        total[1] += call.prompt_tokens + call.completion_tokens
        total[2] += call.cost_micros
    _add(month_of(now), sorted((business, *total) for business, total in totals.items()))


def month_of(now: datetime) -> date:
    return now.date().replace(day=1)


def _add(month: date, totals: list[tuple[int, ...]]) -> None:
    table = ModelSpend._meta.db_table
    businesses, calls, tokens, costs = zip(*totals, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (business_id, month, calls, tokens, cost_micros)
            SELECT business, %s, calls, tokens, cost
            FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::bigint[])
                AS fresh (business, calls, tokens, cost)
            ON CONFLICT (business_id, month) DO UPDATE
            SET calls = {table}.calls + excluded.calls,
                tokens = {table}.tokens + excluded.tokens,
                cost_micros = {table}.cost_micros + excluded.cost_micros
            """,  # noqa: S608  # the table's own name
            [month, list(businesses), list(calls), list(tokens), list(costs)],
        )
