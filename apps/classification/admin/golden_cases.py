"""The golden set: which verdicts were called wrong, by whom, and what would have been right."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import display

from apps.audit.admin import AuditedAdmin
from apps.classification.models import GoldenCase
from apps.classification.resources import GoldenCaseResource
from apps.core.admin import ConsoleAdmin

_NOTHING = "–"


@admin.register(GoldenCase)
class GoldenCaseAdmin(AuditedAdmin, ExportMixin, ConsoleAdmin):  # type: ignore[misc]  # two say what `model` is
    """Cases are made where a verdict is shown; here a mistaken one can only be deleted."""

    resource_classes = [GoldenCaseResource]
    export_form_class = ExportForm  # type: ignore[assignment]  # its base is the same
    formats = (CSV,)
    list_display = ("created_at", "kind", "judged", "expected", "judged_method", "origin", "author")
    list_filter = (
        "origin",
        "kind",
        "expected_urgency",
        "expected_category",
        "judged_method",
        "business",
        "created_at",
    )
    list_select_related = ("author",)
    fields = (
        "business",
        "event",
        "kind",
        "judged",
        "judged_method",
        "judged_at",
        "expected",
        "origin",
        "author",
        "created_at",
    )
    readonly_fields = ("judged", "expected", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[GoldenCase]:
        rows: QuerySet[GoldenCase] = super().get_queryset(request)
        return rows.select_related("business", "event").defer("fact")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: GoldenCase | None = None) -> bool:
        return False

    @display(description="Judged")
    def judged(self, row: GoldenCase) -> str:
        return _named(row.get_judged_urgency_display(), row.get_judged_category_display())

    @display(description="Would have been right")
    def expected(self, row: GoldenCase) -> str:
        return _named(row.get_expected_urgency_display(), row.get_expected_category_display())


def _named(*words: str) -> str:
    return ", ".join(filter(None, words)) or _NOTHING
