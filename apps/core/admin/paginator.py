"""Pages of big tables: nothing is counted further than somebody will turn the pages."""

from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.utils.functional import cached_property

COUNT_AT_MOST = 10_000


class EstimatingPaginator(Paginator[Any]):
    """Exact up to COUNT_AT_MOST rows. Beyond, the planner's estimate of a whole table, and for a
    filtered list just one more than that.
    """

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: COUNT_AT_MOST + 1].count()
        if counted <= COUNT_AT_MOST or rows.query.where:
            return counted
        return max(counted, _estimate(rows.model._meta.db_table))


def _estimate(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        estimate: int = cursor.fetchone()[0]
    return estimate
