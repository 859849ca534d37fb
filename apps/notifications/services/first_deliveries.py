"""A delivery for each channel that a notification takes when it is decided.

A local channel (the inbox) has nothing to send, so its delivery is finished right here; every
other delivery is a due row for the delivery queue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from apps.core.bulk import copy_rows, reserve_ids
from apps.core.identifiers import uuid7
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.topics import on_topic
from apps.notifications.engines.ways import taken
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services.deciding import Decided
from apps.notifications.services.tallying import counted_days
from apps.notifications.types import Outcome

_DELIVERY = (
    "id",
    "notification",
    "channel",
    "correlation_id",
    "state",
    "due_at",
    "attempt_count",
    "finished_at",
    "counted_on",
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
    counted_on: date | None


def store_deliveries(
    told: Sequence[Decided], notification_ids: Sequence[int], *, now: datetime
) -> bool:
    """Of every channel that what is `told` takes. True when some are left to be sent."""
    ways = [
        way
        for item, notification_id in zip(told, notification_ids, strict=True)
        for way in _ways(item, notification_id)
    ]
    if ways:
        _store(ways, now)
    return any(not way.done for way in ways)


def _ways(item: Decided, notification_id: int) -> Iterator[_Way]:
    at_once = item.decision.outcome is Outcome.NOTIFY_NOW
    verdict = item.judged.verdict
    wanted = on_topic(item.preference, verdict.category.value)
    days = counted_days(item)
    channels = taken(wanted, verdict.priority, item.decision)
    for channel, due_at in channels.items():
        yield _Way(
            item=item,
            notification_id=notification_id,
            channel=channel,
            due_at=due_at,
            done=at_once and CHANNELS.get(channel).local,
            counted_on=days.get(channel),
        )


def _store(ways: Sequence[_Way], now: datetime) -> None:
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
        way.counted_on,
    )
