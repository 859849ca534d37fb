"""Writing decisions and what follows from them, set-based, in the caller's transaction.

What is for a digest has no delivery of its own: it waits for its slot, and a row of the digest
queue says when that is.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.core.bulk import copy_rows, reserve_ids
from apps.core.identifiers import uuid7
from apps.notifications.engines.composing import Message, compose
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import Decision, Notification
from apps.notifications.services.deciding import Decided
from apps.notifications.services.digesting import add_rounds
from apps.notifications.services.first_deliveries import store_deliveries
from apps.notifications.services.tallying import count
from apps.notifications.types import Outcome

_DECISION = (
    "id",
    "public_id",
    "event",
    "user",
    "correlation_id",
    "outcome",
    "reason",
    "trace",
    "due_at",
    "expires_at",
    "created_at",
)
_NOTIFICATION = (
    "id",
    "public_id",
    "business",
    "user",
    "decision",
    "event",
    "correlation_id",
    "title",
    "body",
    "category",
    "priority",
    "fingerprint",
    "text_fingerprint",
    "status",
    "awaits_digest",
    "awaits_channels",
    "digest_slot",
    "due_at",
    "expires_at",
    "created_at",
    "delivered_at",
)


def store_decisions(decided: Sequence[Decided], *, now: datetime) -> bool:
    """Decisions, notifications, deliveries, digest rounds, tallies.

    True when deliveries are left to be sent.
    """
    told = [item for item in decided if item.told]
    notification_ids = _store_told(decided, told, now)
    left = store_deliveries(told, notification_ids, now=now)
    add_rounds(_rounds(told))
    count(told, now)
    return left


def _store_told(decided: Sequence[Decided], told: Sequence[Decided], now: datetime) -> list[int]:
    """Every decision, and the notifications of those that are told: their ids, in order."""
    decision_ids, notification_ids = reserve_ids(
        [(Decision, len(decided)), (Notification, len(told))]
    )
    copy_rows(
        Decision,
        _DECISION,
        (_decision_row(item, i, now) for item, i in zip(decided, decision_ids, strict=True)),
    )
    decision_of = dict(zip(map(id, decided), decision_ids, strict=True))
    copy_rows(
        Notification,
        _NOTIFICATION,
        (
            _notification_row(item, notification_id, decision_of[id(item)], now)
            for item, notification_id in zip(told, notification_ids, strict=True)
        ),
    )
    return notification_ids


def _rounds(told: Sequence[Decided]) -> Iterator[tuple[int, int, datetime]]:
    """Business, person and slot of every digest that has something to tell."""
    for item in told:
        slot = item.decision.due_at if _for_digest(item) else _own_digest(item)[1]
        if slot:
            yield item.judged.draft.raw.business_id, item.user_id, slot


def _for_digest(item: Decided) -> bool:
    return item.decision.outcome is Outcome.DIGEST


def _own_digest(item: Decided) -> tuple[list[str] | None, datetime | None]:
    """The channels that take it in a digest of theirs, though it is told by itself, and when."""
    waiting = [one for one in item.decision.held if one.in_digest]
    return ([one.name for one in waiting], waiting[0].due_at) if waiting else (None, None)


def _decision_row(item: Decided, decision_id: int, now: datetime) -> tuple[object, ...]:
    return (
        decision_id,
        uuid7(),
        item.judged.draft.event_id,
        item.user_id,
        item.judged.draft.raw.correlation_id,
        item.decision.outcome.value,
        item.decision.reason.value,
        trace_to_json(item.decision.steps),
        item.decision.due_at,
        item.decision.expires_at,
        now,
    )


def _notification_row(
    item: Decided, notification_id: int, decision_id: int, now: datetime
) -> tuple[object, ...]:
    draft, verdict = item.judged.draft, item.judged.verdict
    words = _words(item, now)
    channels, slot = _own_digest(item)
    in_inbox = item.decision.outcome is Outcome.NOTIFY_NOW
    status = Notification.Status.DELIVERED if in_inbox else Notification.Status.QUEUED
    return (
        notification_id,
        item.public_id,
        draft.raw.business_id,
        item.user_id,
        decision_id,
        draft.event_id,
        draft.raw.correlation_id,
        words.title,
        words.body,
        verdict.category.value,
        verdict.priority,
        item.fingerprint,
        item.text_fingerprint,
        status.value,
        _for_digest(item) or slot is not None,
        channels,
        slot,
        item.decision.due_at,
        item.decision.expires_at,
        now,
        now if in_inbox else None,
    )


def _words(item: Decided, now: datetime) -> Message:
    fact = item.judged.draft.fact
    return compose(
        item.judged.verdict,
        fact.title,
        fact.content,
        fact.sender.name if fact.sender else "",
        now=item.decision.due_at or now,
        starts_at=fact.starts_at,
        change=fact.change,
    )
