"""What can be recorded, and how grave it is. Words are seed 003's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import TextChoices


class AuditType(TextChoices):
    EVENT_ACCEPTED = "event_accepted"
    EVENT_PROCESSED = "event_processed"
    EVENT_UNOWNED = "event_unowned"
    EVENT_QUARANTINED = "event_quarantined"
    EVENT_REPLAYED = "event_replayed"
    NOTIFICATION_DELIVERED = "notification_delivered"
    NOTIFICATION_FAILED = "notification_failed"
    NOTIFICATION_READ = "notification_read"
    NOTIFICATION_POSTPONED = "notification_postponed"
    NOTIFICATION_TESTED = "notification_tested"
    FEEDBACK_GIVEN = "feedback_given"
    PROPOSAL_DECIDED = "proposal_decided"
    TASK_DEAD_LETTERED = "task_dead_lettered"
    TASK_RETRIED = "task_retried"
    AUTH_SUCCEEDED = "auth_succeeded"
    AUTH_FAILED = "auth_failed"
    AUTH_TOKEN_REUSED = "auth_token_reused"  # noqa: S105  # a word, not a secret
    WEBHOOK_REJECTED = "webhook_rejected"
    IDEMPOTENCY_CONFLICT = "idempotency_conflict"
    CONFIG_CHANGED = "config_changed"
    PERSONAL_DATA_REVEALED = "personal_data_revealed"
    CIRCUIT_CHANGED = "circuit_changed"
    HOOK_WARNED = "hook_warned"
    HOOK_DISABLED = "hook_disabled"


class Severity(TextChoices):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDraft:
    """An event about to be recorded.

    `subject` is "kind:id" of what it is about; `metadata` holds ids, counts and codes, never
    contents.
    """

    type: AuditType
    message: str
    severity: Severity = Severity.INFO
    business_id: int | None = None
    actor_id: int | None = None
    correlation_id: UUID | None = None
    parent_id: int | None = None
    subject: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
