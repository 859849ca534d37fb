"""Writing down what happened, many events at once, in the transaction they belong to."""

from collections.abc import Sequence

from apps.audit.models import AuditEvent
from apps.audit.types import AuditDraft
from apps.core.bulk import copy_rows
from apps.core.identifiers import uuid7

_COLUMNS = (
    "public_id",
    "type",
    "severity",
    "message",
    "subject",
    "metadata",
    "business",
    "actor",
    "correlation_id",
    "parent",
)


def record(drafts: Sequence[AuditDraft]) -> None:
    """Append `drafts`. They commit, or vanish, together with whatever the caller is doing."""
    if drafts:
        copy_rows(AuditEvent, _COLUMNS, (_row(draft) for draft in drafts))


def _row(draft: AuditDraft) -> tuple[object, ...]:
    return (
        uuid7(),
        draft.type.value,
        draft.severity.value,
        draft.message[:300],
        draft.subject,
        dict(draft.metadata),
        draft.business_id,
        draft.actor_id,
        draft.correlation_id,
        draft.parent_id,
    )
