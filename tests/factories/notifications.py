from datetime import date, datetime, timedelta
from typing import Any

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.core.crypto import blind_index
from apps.core.identifiers import uuid7
from apps.ingestion.models import Event
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import (
    ChannelPreference,
    Decision,
    Delivery,
    DeliveryAttempt,
    Digest,
    DigestItem,
    DigestRound,
    Feedback,
    Notification,
    Preference,
    Presence,
    Proposal,
    Tally,
    Waking,
)
from apps.notifications.types import Outcome, ProposalKind, Reason, Step
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
        decision=decision or make_decision(event=event, user=user, created_at=values["created_at"]),
        event=event,
        correlation_id=event.correlation_id,
        status=status,
        **values,
    )


def make_waiting(
    *,
    event: Event,
    user: User,
    due_at: datetime = NOON,
    outcome: Outcome = Outcome.DIGEST,
    **values: Any,
) -> Notification:
    """Held back for the digest of `due_at`, with its place in the digest queue."""
    decision = make_decision(
        event=event, user=user, outcome=outcome, reason=Reason.BATCHED, due_at=due_at
    )
    make_round(business=event.business, user=user, slot=due_at)
    return make_notification(
        event=event,
        user=user,
        decision=decision,
        status=Notification.Status.QUEUED,
        awaits_digest=True,
        due_at=due_at,
        **values,
    )


def make_round(
    *, business: Business, user: User, slot: datetime = NOON, **values: Any
) -> DigestRound:
    """Due at once, whatever its slot."""
    return DigestRound.objects.create(
        business=business, user=user, slot=slot, correlation_id=uuid7(), **values
    )


def make_digest(
    *, business: Business, user: User, channel: str = "in_app", **values: Any
) -> Digest:
    values.setdefault("period_key", "daily:2026-03-04")
    values.setdefault("chunk", 0)
    values.setdefault("title", "Your digest of Wed 04 Mar, 12:00: 1 thing")
    values.setdefault("body", "- Carla: Offer")
    values.setdefault("counts", {"items": 1, "left_out": 0, "moot": {}})
    return Digest.objects.create(
        business=business,
        user=user,
        channel=channel,
        correlation_id=uuid7(),
        priority=5,
        expires_at=NOON + timedelta(days=7),
        **values,
    )


def make_digest_item(
    *,
    digest: Digest,
    notification: Notification,
    place: DigestItem.Place = DigestItem.Place.TOLD,
) -> DigestItem:
    return DigestItem.objects.create(
        digest=digest, notification=notification, channel=digest.channel, place=place
    )


def make_delivery(
    *,
    notification: Notification | None = None,
    digest: Digest | None = None,
    channel: str = "in_app",
    **values: Any,
) -> Delivery:
    """Of a notification or of a digest."""
    subject = notification or digest
    assert subject is not None
    return Delivery.objects.create(
        notification=notification,
        digest=digest,
        channel=channel,
        correlation_id=subject.correlation_id,
        **values,
    )


def make_attempt(*, delivery: Delivery, number: int = 1, **values: Any) -> DeliveryAttempt:
    return DeliveryAttempt.objects.create(delivery=delivery, number=number, **values)


def make_tally(
    *,
    user: User,
    local_date: date | None = None,
    count: int = 1,
    last_at: datetime = NOON,
    channel: str = "",
) -> Tally:
    return Tally.objects.create(
        user=user,
        channel=channel,
        local_date=local_date or last_at.date(),
        count=count,
        last_at=last_at,
    )


def make_presence(*, user: User, seen_at: datetime = NOON) -> Presence:
    return Presence.objects.create(user=user, seen_at=seen_at)


def make_waking(*, business: Business, user: User, due_at: datetime = NOON) -> Waking:
    return Waking.objects.create(business=business, user=user, due_at=due_at)


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


def make_proposal(
    *,
    business: Business,
    user: User,
    kind: ProposalKind = ProposalKind.SILENCE_SENDER,
    **values: Any,
) -> Proposal:
    """To silence the newsletters of one sender, unless `kind` says otherwise."""
    if kind == ProposalKind.SILENCE_SENDER:
        values.setdefault("sender", "deals@shop.example")
        values.setdefault("category", Category.NEWSLETTER)
        values.setdefault("change", {"category": "newsletter", "max_priority": 6, "days": 180})
        values["sender_index"] = blind_index(values["sender"], context=MAILBOX_CONTEXT)
    values.setdefault("change", {})
    counts = {"told": 6, "read": 1, "helpful": 0, "dismissed": 5, "less_like_this": 0}
    values.setdefault("evidence", counts)
    same = {name: {"now": 0, "then": 0} for name in ("digested", "deferred")}
    figures = {
        **same,
        "interruptions": {"now": 44, "then": 31},
        "dropped": {"now": 3, "then": 16},
        "days": 30,
        "events": 47,
        "later_count": 0,
        "cut": False,
    }
    values.setdefault("preview", figures)
    return Proposal.objects.create(business=business, user=user, kind=kind, **values)
