from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core import correlation
from apps.core.admin.unfolding import AdminMixin


class CorrelationSearch(AdminMixin):
    """The list's search box takes a whole correlation id, which the table's index finds."""

    search_fields = ("correlation_id",)
    search_help_text = "The whole correlation id"

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        if not text:
            return queryset, False
        correlation_id = correlation.parse(text)
        if correlation_id is None:
            return queryset.none(), False
        return queryset.filter(correlation_id=correlation_id), False
