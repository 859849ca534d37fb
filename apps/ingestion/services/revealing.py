"""Looking into a stored body. It may hold anything about anybody, so every look is written down."""

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType, Severity
from apps.ingestion.models import RawEvent


def reveal(row: RawEvent, *, actor: User) -> bytes:
    """The body as it came. The audit row is committed before anybody reads it."""
    with transaction.atomic():
        record(
            [
                AuditDraft(
                    type=AuditType.PERSONAL_DATA_REVEALED,
                    severity=Severity.WARNING,
                    message="A stored body was shown",
                    business_id=row.business_id,
                    actor_id=actor.pk,
                    correlation_id=row.correlation_id,
                    subject=f"raw_event:{row.pk}",
                )
            ]
        )
    return row.body
