"""Writing decisions and what follows from them, set-based, in the caller's transaction.

A local channel (the inbox) has nothing to send, so its delivery is finished right here; every
other delivery is a due row for the delivery queue. What is for a digest has no delivery of its own:
it waits for its slot, and a row of the digest queue says when that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.core.bulk import copy_rows, reserve_ids
from apps.core.identifiers import uuid7
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.composing import compose
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.engines.ways import taken
from apps.notifications.models import (
    Decision,
    Delivery,
    DeliveryAttempt,
    Notification,
)
from apps.notifications.services.deciding import Decided
from apps.notifications.services.digesting import add_rounds
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
    "status",
    "awaits_digest",
    "awaits_channels",
    "digest_slot",
    "due_at",
    "expires_at",
    "created_at",
    "delivered_at",
)
_DELIVERY = (
    "id",
    "notification",
    "channel",
    "correlation_id",
    "state",
    "due_at",
    "attempt_count",
    "finished_at",
)
_ATTEMPT = ("public_id", "delivery", "number", "outcome", "started_at", "finished_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One notification on one channel. `done` is set where nothing is left to send."""

    item: Decided
    notification_id: int
    channel: str
    due_at: datetime
    done: bool


def store_decisions(decided: Sequence[Decided], *, now: datetime) -> bool:
    """Decisions, notifications, deliveries, digest rounds, tallies.

    True when deliveries are left to be sent.
    """
    told = [item for item in decided if item.told]
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
    ways = [
        _Way(
            item=item,
            notification_id=notification_id,
            channel=channel,
            due_at=due_at,
            done=_now(item) and CHANNELS.get(channel).local,
        )
        for item, notification_id in zip(told, notification_ids, strict=True)
        for channel, due_at in taken(
            item.preference, item.judged.verdict.priority, item.decision
        ).items()
    ]
    _store_deliveries(ways, now)
    add_rounds(
        (item.judged.draft.raw.business_id, item.user_id, slot)
        for item in told
        if (slot := item.decision.due_at if _for_digest(item) else _own_digest(item)[1])
    )
    count(told, now)
    return any(not way.done for way in ways)


def _now(item: Decided) -> bool:
    return item.decision.outcome is Outcome.NOTIFY_NOW


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
    fact = draft.fact
    words = compose(
        verdict,
        fact.title,
        fact.content,
        fact.sender.name if fact.sender else "",
        now=item.decision.due_at or now,
        starts_at=fact.starts_at,
        change=fact.change,
    )
    channels, slot = _own_digest(item)
    in_inbox = _now(item)
    status = Notification.Status.DELIVERED if in_inbox else Notification.Status.QUEUED
    return (
        notification_id,
        uuid7(),
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
        status.value,
        _for_digest(item) or slot is not None,
        channels,
        slot,
        item.decision.due_at,
        item.decision.expires_at,
        now,
        now if in_inbox else None,
    )


def _store_deliveries(ways: Sequence[_Way], now: datetime) -> None:
    if not ways:
        return
    [delivery_ids] = reserve_ids([(Delivery, len(ways))])
    copy_rows(
        Delivery,
        _DELIVERY,
        (_delivery_row(w, i, now) for w, i in zip(ways, delivery_ids, strict=True)),
    )
    copy_rows(
        DeliveryAttempt,
        _ATTEMPT,
        (
            (uuid7(), delivery_id, 1, DeliveryAttempt.Outcome.DELIVERED.value, now, now)
            for way, delivery_id in zip(ways, delivery_ids, strict=True)
            if way.done
        ),
    )


def _delivery_row(way: _Way, delivery_id: int, now: datetime) -> tuple[object, ...]:
    state = Delivery.State.DELIVERED if way.done else Delivery.State.PENDING
    return (
        delivery_id,
        way.notification_id,
        way.channel,
        way.item.judged.draft.raw.correlation_id,
        state.value,
        way.due_at,
        int(way.done),
        now if way.done else None,
    )
