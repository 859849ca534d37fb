"""Sending stored bodies through the pipeline again, by hand. Whatever they did before stays."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import strictjson
from apps.core.errors import VigilError
from apps.core.plugins import UnknownPlugin
from apps.ingestion.models import RawEvent
from apps.ingestion.sources import SOURCES

State = RawEvent.State
REPLAYABLE = (State.QUARANTINED, State.UNOWNED, State.DEAD, State.SKIPPED)


def replay(ids: Iterable[int], *, actor: User | None, now: datetime) -> int:
    """Make those of these rows due again that ended without an event. Returns how many.

    A second call finds nothing left to do. What was not understood at the door is opened again, so
    that a source that has learned since finds its owner.
    """
    with transaction.atomic():
        rows = list(
            RawEvent.objects.select_for_update(of=("self",))
            .select_related("source")
            .filter(pk__in=list(ids), state__in=REPLAYABLE)
            .order_by("pk")
        )
        for row in rows:
            _reopen(row)
            row.state, row.reason, row.last_error = State.RECEIVED, "", ""
            row.due_at, row.claim_count, row.token, row.finished_at = now, 0, None, None
        RawEvent.objects.bulk_update(rows, _FIELDS, batch_size=500)
        record([_audit(row, actor) for row in rows])
    return len(rows)


_FIELDS = (
    "event_type",
    "accounts",
    "occurred_at",
    "state",
    "reason",
    "last_error",
    "due_at",
    "claim_count",
    "token",
    "finished_at",
)


def _reopen(row: RawEvent) -> None:
    """A body that is still not understood keeps what it has: the drain will say so again."""
    if row.state != State.QUARANTINED:
        return
    try:
        document = strictjson.loads(row.body, max_bytes=settings.WEBHOOK_MAX_BYTES)
        envelope = SOURCES.get(row.source.kind).open(document, row.headers)
    except (VigilError, UnknownPlugin):
        return
    row.event_type, row.occurred_at = envelope.event_type, envelope.occurred_at
    row.accounts = [f"{account.kind}:{account.external_id}" for account in envelope.accounts]


def _audit(row: RawEvent, actor: User | None) -> AuditDraft:
    return AuditDraft(
        type=AuditType.EVENT_REPLAYED,
        message="Sent through again by hand",
        business_id=row.business_id,
        actor_id=actor.pk if actor else None,
        correlation_id=row.correlation_id,
        subject=f"raw_event:{row.pk}",
    )
