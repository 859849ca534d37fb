"""The audit trail in the console, and the base of pages whose changes are part of it."""

from apps.audit.admin.audit_events import AuditEventAdmin
from apps.audit.admin.audited import AuditedAdmin

__all__ = ["AuditEventAdmin", "AuditedAdmin"]
