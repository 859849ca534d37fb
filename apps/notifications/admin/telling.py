"""Decisions, notifications and deliveries: written by the program, read here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.classification.types import Category
from apps.core.admin import ReadOnlyAdmin, ReadOnlyInline
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.masking import HIDDEN_CODE
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision, Delivery, DeliveryAttempt, Notification
from apps.notifications.types import Outcome

_OUTCOMES: dict[str, str] = {
    Outcome.NOTIFY_NOW: "success",
    Outcome.DIGEST: "info",
    Outcome.DEFER: "info",
    Outcome.DROP: "default",
}
_STATES: dict[str, str] = {
    Delivery.State.PENDING: "info",
    Delivery.State.CLAIMED: "info",
    Delivery.State.ATTEMPTING: "info",
    Delivery.State.RETRY: "warning",
    Delivery.State.UNKNOWN: "warning",
    Delivery.State.DELIVERED: "success",
    Delivery.State.FAILED: "danger",
    Delivery.State.EXPIRED: "default",
    Delivery.State.SUPPRESSED: "default",
    Delivery.State.DEAD: "danger",
}
_STATUSES: dict[str, str] = {
    Notification.Status.PENDING: "info",
    Notification.Status.QUEUED: "info",
    Notification.Status.DELIVERED: "success",
    Notification.Status.READ: "success",
    Notification.Status.FAILED: "danger",
    Notification.Status.EXPIRED: "default",
}


def shown_title(row: Notification) -> str:
    """What an operator may read of it."""
    return HIDDEN_CODE if row.category == Category.SECURITY_CODE else row.title


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "outcome_label", "reason", "due_at")
    list_filter = ("outcome", "reason")
    list_select_related = ("user",)
    fields = ("event", "user", "outcome", "reason", "steps", "due_at", "expires_at", "created_at")
    readonly_fields = ("steps",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        rows: QuerySet[Decision] = super().get_queryset(request)
        return rows.defer("trace")

    @display(description="Outcome", label=_OUTCOMES, ordering="outcome")
    def outcome_label(self, row: Decision) -> Any:
        return row.outcome

    @display(description="Why, step by step")
    def steps(self, row: Decision) -> SafeString:
        steps = trace_from_json(row.trace)
        return format_html_join(
            "\n", "<div>{} {}</div>", (("✓" if s.passed else "✗", explain_step(s)) for s in steps)
        )


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "what", "category", "priority", "status_label", "due_at")
    list_display_links = ("created_at", "what")
    list_filter = ("status", "category")
    list_select_related = ("user",)
    fields = (
        "user",
        "what",
        "category",
        "priority",
        "status",
        "event",
        "decision",
        "due_at",
        "expires_at",
        "created_at",
        "delivered_at",
        "read_at",
        "awaits_digest",
        "awaits_channels",
        "digest_slot",
        "moot_reason",
        "correlation_id",
    )
    readonly_fields = ("what",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notification]:
        rows: QuerySet[Notification] = super().get_queryset(request)
        return rows.defer("body")

    @display(description="What")
    def what(self, row: Notification) -> str:
        return shown_title(row)

    @display(description="Status", label=_STATUSES, ordering="status")
    def status_label(self, row: Notification) -> Any:
        return row.status


class AttemptInline(ReadOnlyInline):
    model = DeliveryAttempt
    verbose_name = "attempt"
    fields = (
        "number",
        "outcome",
        "started_at",
        "finished_at",
        "error_code",
        "error",
        "provider_message_id",
    )


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "channel", "person", "state_label", "attempt_count", "due_at", "reason")
    list_filter = ("state", "channel")
    list_select_related = ("notification__user", "digest__user")
    fields = (
        "notification",
        "digest",
        "channel",
        "state",
        "reason",
        "attempt_count",
        "due_at",
        "finished_at",
        "correlation_id",
    )
    ordering = ("-id",)
    inlines = (AttemptInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = super().get_queryset(request)
        return rows.defer(
            *("notification__title", "notification__body", "digest__title", "digest__body")
        )

    @display(description="Person")
    def person(self, row: Delivery) -> str:
        return str(row.subject.user)

    @display(description="State", label=_STATES, ordering="state")
    def state_label(self, row: Delivery) -> Any:
        return row.state
