from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from apps.audit.models import AuditEvent
from apps.audit.types import Severity
from apps.core.admin import CorrelationSearch, ReadOnlyAdmin

# Lists that can be filtered by correlation id, by the names of their pages: they lie above.
_ELSEWHERE = (
    ("Raw event", "admin:ingestion_rawevent_changelist"),
    ("Event and its story", "admin:ingestion_event_changelist"),
    ("Audit trail", "admin:audit_auditevent_changelist"),
)
_LABELS: dict[str, str] = {
    Severity.DEBUG: "default",
    Severity.INFO: "info",
    Severity.WARNING: "warning",
    Severity.ERROR: "danger",
    Severity.CRITICAL: "danger",
}


@admin.register(AuditEvent)
class AuditEventAdmin(CorrelationSearch, ReadOnlyAdmin):
    list_display = ("occurred_at", "severity_label", "type", "message", "subject", "actor")
    list_display_links = ("occurred_at", "message")
    list_filter = ("severity", "type", "occurred_at")
    list_filter_submit = False
    list_select_related = ("actor",)
    exclude = ("parent",)
    readonly_fields = ("same_work",)

    @display(description="Severity", label=_LABELS)
    def severity_label(self, row: AuditEvent) -> Any:
        return row.severity

    @display(description="Everything of the same work")
    def same_work(self, row: AuditEvent) -> SafeString | str:
        if row.correlation_id is None:
            return "–"
        return format_html_join(
            " · ",
            '<a class="text-primary-600" href="{}?correlation_id={}">{}</a>',
            ((reverse(page), row.correlation_id, name) for name, page in _ELSEWHERE),
        )
