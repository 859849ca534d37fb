"""Work that could not be finished: kept as a Task, retried by a person, never forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType, Severity
from apps.core.claims import QueueRow
from apps.core.errors import Conflict
from apps.ingestion.models import RawEvent
from apps.notifications.models import Delivery, DigestRound
from apps.notifications.services.delivery_queue import forget_doubts
from apps.pipeline.models import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """How rows of a queue end: given up, open again, and well."""

    model: type[QueueRow]
    given_up: tuple[str, ...]
    again: str
    well: tuple[str, ...]


_ENDS: dict[str, _Ends] = {
    "inbox": _Ends(
        model=RawEvent,
        given_up=(RawEvent.State.DEAD,),
        again=RawEvent.State.RETRY,
        well=(RawEvent.State.DONE, RawEvent.State.SKIPPED, RawEvent.State.UNOWNED),
    ),
    "deliver": _Ends(
        model=Delivery,
        given_up=(Delivery.State.DEAD, Delivery.State.FAILED, Delivery.State.HELD),
        again=Delivery.State.RETRY,
        well=(Delivery.State.DELIVERED, Delivery.State.EXPIRED, Delivery.State.SUPPRESSED),
    ),
    "digest": _Ends(
        model=DigestRound,
        given_up=(DigestRound.State.DEAD,),
        again=DigestRound.State.RETRY,
        well=(DigestRound.State.DONE,),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row that ended dead. `error` is redacted already."""

    queue: str
    row_id: int
    business_id: int
    correlation_id: UUID
    code: str
    error: str = ""


def bury(letters: Iterable[Letter]) -> None:
    """One Task per row, in the caller's transaction; a row that dies again opens its Task again."""
    letters = list(letters)
    if not letters:
        return
    Task.objects.bulk_create(
        [_task(letter) for letter in letters],
        update_conflicts=True,
        unique_fields=["subject"],
        update_fields=["status", "error", "updated_at"],
    )
    record(
        [
            AuditDraft(
                type=AuditType.TASK_DEAD_LETTERED,
                severity=Severity.ERROR,
                message="Given up after too many tries",
                business_id=letter.business_id,
                correlation_id=letter.correlation_id,
                subject=f"{letter.queue}:{letter.row_id}",
                metadata={"code": letter.code},
            )
            for letter in letters
        ]
    )


def _task(letter: Letter) -> Task:
    return Task(
        business_id=letter.business_id,
        type=letter.queue,
        status=Task.Status.DEAD_LETTER,
        priority=Task.Priority.HIGH,
        description=f"A row of the {letter.queue} queue could not be finished",
        subject=f"{letter.queue}:{letter.row_id}",
        correlation_id=letter.correlation_id,
        error={"code": letter.code, "message": letter.error[:300]},
    )


def retry(task: Task, *, actor: User | None, now: datetime) -> None:
    """Make the row due again, once: a second click finds nothing to do and raises Conflict."""
    queue, _, row_id = task.subject.partition(":")
    ends = _ENDS[queue]
    with transaction.atomic():
        reopened = Task.objects.filter(pk=task.pk, status=Task.Status.DEAD_LETTER).update(
            status=Task.Status.PENDING, retry_count=F("retry_count") + 1, updated_at=now
        )
        if not reopened:
            raise Conflict("This task is not a dead letter (any more)")
        # Each queue's table has states of its own kind, which the abstract row cannot declare.
        rows: Any = ends.model._default_manager.filter(pk=row_id)
        if ends.model is Delivery:
            forget_doubts([int(row_id)])
        rows.filter(state__in=ends.given_up).update(
            state=ends.again, due_at=now, claim_count=0, token=None
        )
        record(
            [
                AuditDraft(
                    type=AuditType.TASK_RETRIED,
                    message="Made due again by hand",
                    business_id=task.business_id,
                    actor_id=actor.pk if actor else None,
                    correlation_id=task.correlation_id,
                    subject=task.subject,
                )
            ]
        )


def complete_retried(*, now: datetime) -> int:
    """Tasks whose row has ended well since somebody retried it. Returns how many."""
    completed = 0
    for queue, ends in _ENDS.items():
        waiting = Task.objects.filter(type=queue, status=Task.Status.PENDING)
        ids = [
            int(subject.partition(":")[2]) for subject in waiting.values_list("subject", flat=True)
        ]
        rows: Any = ends.model._default_manager.filter(pk__in=ids)
        well = rows.filter(state__in=ends.well).values_list("pk", flat=True) if ids else []
        completed += waiting.filter(subject__in=[f"{queue}:{pk}" for pk in well]).update(
            status=Task.Status.COMPLETED, completed_at=now, updated_at=now
        )
    return completed
