"""Whatever an operator changes in the console is written down, without the values."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.admin.unfolding import AdminMixin


class AuditedAdmin(AdminMixin):
    """A ModelAdmin whose rows are configuration. The audit row commits with the change."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _record(request, obj, "added")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _record(request, obj, "changed", _fields(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for obj in queryset:
            _record(request, obj, "deleted")
        return super().log_deletions(request, queryset)


def _fields(message: Any) -> list[str]:
    """The labels of what was changed, from Django's own record of it."""
    entries = message if isinstance(message, list) else []
    return [
        str(label)
        for entry in entries
        for change in entry.values()
        for label in change.get("fields", [])
    ]


def _record(request: HttpRequest, obj: Model, what: str, fields: list[str] | None = None) -> None:
    noun = str(obj._meta.verbose_name)
    record(
        [
            AuditDraft(
                type=AuditType.CONFIG_CHANGED,
                message=f"{noun[:1].upper()}{noun[1:]} {what} in the console",
                business_id=getattr(obj, "business_id", None),
                actor_id=request.user.pk,
                subject=f"{obj._meta.model_name}:{obj.pk}",
                correlation_id=correlation.current(),
                metadata={"fields": fields} if fields else {},
            )
        ]
    )
