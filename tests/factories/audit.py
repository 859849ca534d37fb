from typing import Any

from apps.audit.models import AuditEvent
from apps.audit.types import AuditType, Severity


def make_audit_event(
    *,
    type: AuditType = AuditType.EVENT_PROCESSED,  # noqa: A002  # the column's name
    severity: Severity = Severity.INFO,
    message: str = "Processed",
    **values: Any,
) -> AuditEvent:
    return AuditEvent.objects.create(type=type, severity=severity, message=message, **values)
