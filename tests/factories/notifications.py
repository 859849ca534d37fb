from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import (
    ChannelPreference,
    Decision,
    Delivery,
    DeliveryAttempt,
    Feedback,
    Notification,
    Preference,
    Tally,
)
from apps.notifications.types import Outcome, Reason, Step
from tests.factories.values import NOON

_STEPS = (
    Step(code=Reason.DISABLED.value, passed=True, inputs={"enabled": True}),
    Step(code=Reason.EXPIRED.value, passed=True),
)


def make_preference(*, user: User, **values: Any) -> Preference:
    return Preference.objects.create(user=user, **values)


def make_channel_preference(
    *, user: User, channel: str = "in_app", **values: Any
) -> ChannelPreference:
    return ChannelPreference.objects.create(user=user, channel=channel, **values)


def make_decision(
    *,
    event: Event,
    user: User,
    outcome: Outcome = Outcome.NOTIFY_NOW,
    reason: Reason = Reason.PASSED,
    steps: tuple[Step, ...] = _STEPS,
    **values: Any,
) -> Decision:
    values.setdefault("due_at", None if outcome == Outcome.DROP else NOON)
    return Decision.objects.create(
        event=event,
        user=user,
        correlation_id=event.correlation_id,
        outcome=outcome,
        reason=reason,
        trace=trace_to_json(steps),
        **values,
    )


def make_notification(
    *,
    event: Event,
    user: User,
    decision: Decision | None = None,
    status: Notification.Status = Notification.Status.DELIVERED,
    now: datetime = NOON,
    **values: Any,
) -> Notification:
    """In the inbox since `now`, unless `status` says otherwise."""
    values.setdefault("title", "Carla: Offer")
    values.setdefault("body", "Please have a look.")
    values.setdefault("category", Category.MESSAGE)
    values.setdefault("priority", 5)
    values.setdefault("fingerprint", event.fingerprint)
    values.setdefault("due_at", now)
    values.setdefault("expires_at", now + timedelta(days=7))
    values.setdefault("created_at", now)
    arrived = status in (Notification.Status.DELIVERED, Notification.Status.READ)
    values.setdefault("delivered_at", now if arrived else None)
    return Notification.objects.create(
        business=event.business,
        user=user,
        decision=decision or make_decision(event=event, user=user),
        event=event,
        correlation_id=event.correlation_id,
        status=status,
        **values,
    )


def make_delivery(
    *, notification: Notification, channel: str = "in_app", **values: Any
) -> Delivery:
    return Delivery.objects.create(
        notification=notification,
        channel=channel,
        correlation_id=notification.correlation_id,
        **values,
    )


def make_attempt(*, delivery: Delivery, number: int = 1, **values: Any) -> DeliveryAttempt:
    return DeliveryAttempt.objects.create(delivery=delivery, number=number, **values)


def make_tally(
    *, user: User, local_date: date | None = None, count: int = 1, last_at: datetime = NOON
) -> Tally:
    return Tally.objects.create(
        user=user, local_date=local_date or last_at.date(), count=count, last_at=last_at
    )


def make_feedback(
    *, notification: Notification, kind: Feedback.Kind = Feedback.Kind.HELPFUL, **values: Any
) -> Feedback:
    return Feedback.objects.create(
        business=notification.business,
        event=notification.event,
        notification=notification,
        user=notification.user,
        kind=kind,
        **values,
    )
