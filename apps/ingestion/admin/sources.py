"""Sources, with secrets that go in and never come out."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display

from apps.audit.admin import AuditedAdmin
from apps.core.admin import ConsoleAdmin, ConsoleInline, ObjectAction
from apps.ingestion.admin.source_forms import SecretForm, SecretFormSet, SourceForm
from apps.ingestion.models import RawEvent, Source, SourceSecret, WatchedField
from apps.ingestion.services.sources import add_secret, rotate_secret

ROTATE = "ingestion.change_source"
OLD_SECRET_LASTS = timedelta(hours=24)


class SecretInline(ConsoleInline):
    model = SourceSecret
    form = SecretForm
    formset = SecretFormSet
    fields = ("masked", "value", "not_before", "not_after")
    readonly_fields = ("masked", "not_before")
    verbose_name = "secret"
    hide_title = True

    @display(description="Secret")
    def masked(self, row: SourceSecret) -> str:
        return f"••••{row.last_four}" if row.pk else "–"


class WatchedFieldInline(ConsoleInline):
    model = WatchedField


@admin.register(Source)
class SourceAdmin(AuditedAdmin, ConsoleAdmin):
    form = SourceForm
    list_display = ("name", "kind", "scheme", "business", "enabled", "last_received")
    list_filter = ("enabled", "kind", "business")
    list_select_related = ("business",)
    search_fields = ("name", "slug")
    autocomplete_fields = ("business",)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("webhook_url", "public_id")
    fieldsets = (
        (None, {"fields": ("seen_at", "name", "business", "slug", "webhook_url", "enabled")}),
        ("What it sends, and for whom", {"fields": ("kind", "audience")}),
        (
            "How it is believed, and how much",
            {"fields": ("scheme", "tolerance_seconds", "per_minute", "allowed_networks")},
        ),
        ("Identity", {"fields": ("public_id",)}),
    )
    inlines = (SecretInline, WatchedFieldInline)
    actions = ("rotate_secrets",)
    object_actions = (
        ObjectAction(
            slug="rotate",
            label="Rotate secret (old one valid 24 h)",
            method="rotate",
            permission=ROTATE,
            icon="key",
            hint="Makes a new secret and shows it once; both are valid for a day.",
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        latest = RawEvent.objects.filter(source=OuterRef("pk")).order_by("-id")
        rows: QuerySet[Source] = super().get_queryset(request)
        return rows.annotate(last_received=Subquery(latest.values("received_at")[:1]))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Only for a new one: senders already post to the address of an old one."""
        return {} if obj else self.prepopulated_fields

    def has_rotate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ROTATE)

    @display(description="Last received", empty_value="never")
    def last_received(self, row: Any) -> Any:
        return row.last_received

    @display(description="Webhook address")
    def webhook_url(self, row: Source) -> str:
        if not row.pk:
            return "Known once it is saved"
        return f"{settings.PUBLIC_URL.rstrip('/')}/webhooks/{row.slug}"

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not SourceSecret:
            super().save_formset(request, form, formset, change)
            return
        for secret in formset.save(commit=False):
            self._save_secret(request, secret)
        for secret in formset.deleted_objects:
            secret.delete()

    def save_related(self, request: HttpRequest, form: forms.ModelForm[Source], *args: Any) -> None:
        """A source nobody gave a secret gets one: without any it could never be believed."""
        super().save_related(request, form, *args)
        source = form.instance
        if not source.secrets.exists():
            self._show_once(request, source, add_secret(source)[1])

    def _save_secret(self, request: HttpRequest, secret: SourceSecret) -> None:
        if secret.pk:
            secret.save(update_fields=["not_after", "updated_at"])
            return
        add_secret(secret.source, secret.value, not_after=secret.not_after)
        messages.success(request, f"Secret ••••{secret.value[-4:]} stored.")

    def rotate(self, request: HttpRequest, source: Source) -> None:
        now = timezone.now()
        value = rotate_secret(source, now=now, old_until=now + OLD_SECRET_LASTS)
        self.log_change(request, source, [{"changed": {"fields": ["secret (rotated)"]}}])
        self._show_once(request, source, value)

    @admin.action(description="Rotate secret (old one valid 24 h)", permissions=["rotate"])
    def rotate_secrets(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        for source in queryset:
            self.rotate(request, source)

    def _show_once(self, request: HttpRequest, source: Source, value: str) -> None:
        messages.warning(request, f"New secret of {source.name}, shown only this once: {value}")
