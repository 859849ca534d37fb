"""How inbox rows end: done, skipped, nobody's, quarantined, tried again, or dead with a Task."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType, Severity
from apps.core.claims import fence
from apps.core.resilience.backoff import next_due
from apps.ingestion.models import RawEvent
from apps.ingestion.services.storing import Closing, close_raw_events
from apps.ingestion.sources.base import ShapeError
from apps.ingestion.types import Draft, RawRow, Reading
from apps.pipeline.services.dead_letters import Letter, bury
from apps.pipeline.services.rounds import Round

State = RawEvent.State


def close(
    readings: Sequence[Reading], drafts: Iterable[Draft], *, token: UUID, now: datetime
) -> None:
    """Close every row of the round and write down how it ended."""
    by_raw: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_raw.setdefault(draft.raw.id, []).append(draft)
    closings = [_closing(reading, by_raw.get(reading.raw.id, []), now) for reading in readings]
    close_raw_events(closings, token=token)
    record(
        [
            _audit(reading, closing)
            for reading, closing in zip(readings, closings, strict=True)
            if closing.state != State.UNSURE
        ]
    )
    bury(
        _letter(reading.raw, closing.reason, closing.error)
        for reading, closing in zip(readings, closings, strict=True)
        if closing.state == State.DEAD
    )


def bury_poison(round_: Round) -> None:
    """Rows that took their worker down with them too often: dead without another try.

    Only those that are still ours: what was taken away may end well elsewhere.
    """
    if not round_.poison:
        return
    token = round_.claim.token
    ours = fence(round_.queue, token, [row.id for row in round_.poison])
    rows = [row for row in round_.poison if row.id in ours]
    closings = [Closing(raw_id=row.id, state=State.DEAD, reason="poison") for row in rows]
    close_raw_events(closings, token=token)
    bury(_letter(row, "poison", "claimed too often without an end") for row in rows)


def _closing(reading: Reading, drafts: Sequence[Draft], now: datetime) -> Closing:
    if reading.failure is not None:
        return _failed(reading, now)
    if any(draft.postponed for draft in drafts):
        return _ended(reading, State.UNSURE, "")
    if reading.skipped is not None:
        return _ended(reading, State.SKIPPED, reading.skipped.reason.value)
    if any(draft.event_id for draft in drafts):
        duplicate = all(draft.duplicate_of_id for draft in drafts if draft.event_id)
        return _ended(reading, State.DONE, "duplicate_content" if duplicate else "")
    skipped = next((draft.skipped for draft in drafts if draft.skipped), None)
    if skipped is not None:
        return _ended(reading, State.SKIPPED, skipped.reason.value)
    return _ended(reading, State.UNOWNED, "unknown_account")


def _ended(reading: Reading, state: RawEvent.State, reason: str) -> Closing:
    return Closing(raw_id=reading.raw.id, state=state, reason=reason)


def _failed(reading: Reading, now: datetime) -> Closing:
    failure, raw = reading.failure, reading.raw
    assert failure is not None  # noqa: S101  # the caller asked
    if isinstance(failure, ShapeError):
        return Closing(
            raw_id=raw.id, state=State.QUARANTINED, reason=failure.code, error=failure.detail
        )
    if raw.claim_count >= settings.MAX_CLAIMS:
        return Closing(raw_id=raw.id, state=State.DEAD, reason=failure.code, error=failure.detail)
    due_at = next_due(
        raw.claim_count,
        now=now,
        schedule=settings.RETRY_SCHEDULE_SECONDS,
        expires_at=None,
        jitter=random.uniform(-1.0, 1.0),  # noqa: S311  # not a secret
    )
    return Closing(
        raw_id=raw.id, state=State.RETRY, reason=failure.code, error=failure.detail, due_at=due_at
    )


_AUDIT = {
    State.UNOWNED: (AuditType.EVENT_UNOWNED, Severity.WARNING, "Nobody we know: kept"),
    State.QUARANTINED: (AuditType.EVENT_QUARANTINED, Severity.WARNING, "Shape not understood"),
}


def _audit(reading: Reading, closing: Closing) -> AuditDraft:
    default = (AuditType.EVENT_PROCESSED, Severity.INFO, "Processed")
    kind, severity, message = _AUDIT.get(closing.state, default)
    return AuditDraft(
        type=kind,
        severity=severity,
        message=message,
        business_id=reading.raw.business_id,
        correlation_id=reading.raw.correlation_id,
        subject=f"raw_event:{reading.raw.id}",
        metadata={"state": closing.state.value, "reason": closing.reason},
    )


def _letter(row: RawRow, code: str, error: str) -> Letter:
    return Letter(
        queue="inbox",
        row_id=row.id,
        business_id=row.business_id,
        correlation_id=row.correlation_id,
        code=code,
        error=error,
    )
