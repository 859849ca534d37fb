"""The admin classes every page of the console inherits, and the page of the breakers."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db import DataError
from django.http import HttpRequest

from apps.core.admin.actions import ObjectActions
from apps.core.admin.paginator import EstimatingPaginator
from apps.core.admin.unfolding import ModelAdmin, TabularInline
from apps.core.models import CircuitBreaker


class ConsoleAdmin(ObjectActions, ModelAdmin):
    """Big tables stay cheap: no second count, no counting to the end, fifty rows a page."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A filter in the address that is refused only when it is asked is as wrong as any other.

        By PostgreSQL, or by Python, which knows no year 0 and none after 9999.
        """
        try:
            return super().get_changelist_instance(request)
        except (DataError, OverflowError, ValueError):
            raise IncorrectLookupParameters from None


class ConsoleInline(TabularInline):
    extra = 0


class _ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_ReadOnly, ConsoleAdmin):
    """What the program writes, an operator only looks at."""


class ReadOnlyInline(_ReadOnly, ConsoleInline):
    pass


@admin.register(CircuitBreaker)
class CircuitBreakerAdmin(ReadOnlyAdmin):
    list_display = ("name", "state", "opened_count", "open_until", "updated_at")
    list_filter = ("state",)
    search_fields = ("name",)
