"""Digests: written by the program, read here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.notifications.models import Digest, DigestItem


class DigestItemInline(ReadOnlyInline):
    model = DigestItem
    verbose_name = "item"
    fields = ("notification", "place")


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    """Which digest went when and what it counted; what it said is its reader's alone."""

    list_display = (
        "created_at",
        "user",
        "channel",
        "period_key",
        "chunk",
        "items_told",
        "left_out",
    )
    list_filter = ("channel",)
    list_select_related = ("user",)
    fields = (
        *("user", "channel", "period_key", "chunk", "counts", "left_out"),
        *("priority", "expires_at", "created_at", "correlation_id"),
    )
    inlines = (DigestItemInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        rows: QuerySet[Digest] = super().get_queryset(request)
        return rows.defer("title", "body")

    @display(description="Told")
    def items_told(self, row: Digest) -> int:
        return int(row.counts["items"])
