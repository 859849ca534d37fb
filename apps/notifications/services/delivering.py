"""One delivery's way through its channel (reliability of each step: docs/architecture.md).

    claimed ─► attempting (attempt row committed) ─► send ─► delivered | retry | failed | dead
       └─► suppressed | expired | put off: pending, or retry, again

Killed before the attempt row: the lease runs out and it is claimed again. Killed after it: nobody
knows, so the row becomes `unknown` and the channel's policy decides (here: send again, which for
the console costs one repeated line). Killed after the outcome: done.

What its reader has read meanwhile is `suppressed`: seen in one place, it is not pushed in another.
What was held back is told only while it is still true; otherwise it joins the person's next "while
you were away" line, which the digest queue writes. And it is told as its person wants it now, not
as they did when it was decided (engines/present.py).
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from apps.core.faultpoints import faultpoint
from apps.core.redaction import redact
from apps.core.resilience.backoff import next_due
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, Message, Receipt
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services import live, seen
from apps.notifications.services.delivery_queue import GaveUp, fenced, gave_up
from apps.notifications.services.preflight import Preflight, hold, hold_local
from apps.notifications.services.releasing import mark_delivered, moot_of, set_aside
from apps.notifications.services.retelling import NOTHING_LEFT, retell

log = structlog.get_logger(__name__)

State, Outcome = Delivery.State, DeliveryAttempt.Outcome


def deliver_local(deliveries: Sequence[Delivery], *, token: UUID, now: datetime) -> None:
    """Channels of this very database: claimed, written and told in one transaction."""
    with transaction.atomic():
        ours = fenced(deliveries, token)
        current = [delivery for delivery in deliveries if delivery.pk in ours]
        moot = moot_of(current, now=now)
        due = [d for d in current if d.pk not in moot]
        present = Preflight(due)
        answers = {delivery: present.answer(delivery, now=now) for delivery in due}
        _finish_local([d for d in due if answers[d].goes_on], now=now)
        hold_local({d: one for d, one in answers.items() if not one.goes_on}, now=now)
        set_aside([d for d in current if d.pk in moot], moot, now=now)
        live.signal(delivery.subject.user_id for delivery in current)


def _finish_local(deliveries: Sequence[Delivery], *, now: datetime) -> None:
    if not deliveries:
        return
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(
            delivery=delivery,
            number=delivery.attempt_count + 1,
            outcome=Outcome.DELIVERED,
            started_at=now,
            finished_at=now,
        )
        for delivery in deliveries
    )
    Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).update(
        state=State.DELIVERED,
        reason="",
        finished_at=now,
        token=None,
        attempt_count=F("attempt_count") + 1,
    )
    mark_delivered(deliveries, now=now)


def deliver_remote(
    delivery: Delivery,
    *,
    token: UUID,
    clock: Callable[[], datetime],
    present: Preflight,
    bury: Callable[[GaveUp], None],
) -> None:
    """Attempt row, commit, send, outcome. `bury` is called in the transaction that gives it up.

    `clock` is read before and after the send, which may take as long as a whole round.
    """
    faultpoint("D3")
    attempt = _begin(delivery, token=token, present=present, now=clock())
    if attempt is None:
        return
    faultpoint("D5")
    outcome = _send(delivery, attempt)
    if outcome is None:
        return
    faultpoint("D6")
    _settle(delivery, attempt, outcome, token=token, now=clock(), bury=bury)
    faultpoint("D8")


def _begin(
    delivery: Delivery, *, token: UUID, present: Preflight, now: datetime
) -> DeliveryAttempt | None:
    with transaction.atomic():
        if not fenced([delivery], token):
            return None
        if seen.all_read(delivery):
            seen.suppress(delivery, now=now)
            return None
        moot = moot_of([delivery], now=now)
        if moot:
            set_aside([delivery], moot, now=now)
            return None
        answer = present.answer(delivery, now=now)
        if not answer.goes_on:
            hold(delivery, answer, now=now)
            faultpoint("D9")
            return None
        if retell([delivery], now=now):
            seen.suppress(delivery, now=now, reason=NOTHING_LEFT)
            return None
        delivery.attempt_count += 1
        attempt = DeliveryAttempt.objects.create(delivery=delivery, number=delivery.attempt_count)
        Delivery.objects.filter(pk=delivery.pk).update(
            state=State.ATTEMPTING,
            attempt_count=delivery.attempt_count,
            # A whole lease for the send, however long this row waited for its turn in the batch.
            due_at=Now() + timedelta(seconds=settings.LEASE_SECONDS),
        )
        faultpoint("D4")
        return attempt


def _send(delivery: Delivery, attempt: DeliveryAttempt) -> Receipt | DeliveryError | None:
    """None after an error nobody foresaw: it may have been sent, so the lease decides."""
    subject = delivery.subject
    message = Message(
        ref=attempt.public_id,
        user_id=subject.user_id,
        title=subject.title,
        body=subject.body,
        category=subject.category,
        priority=subject.priority,
        correlation_id=subject.correlation_id,
        created_at=subject.created_at,
    )
    try:
        return CHANNELS.get(delivery.channel).send(message)
    except DeliveryError as error:
        return error
    except Exception:
        log.exception("channel_failed", channel=delivery.channel, delivery_id=delivery.pk)
        return None


def _settle(
    delivery: Delivery,
    attempt: DeliveryAttempt,
    outcome: Receipt | DeliveryError,
    *,
    token: UUID,
    now: datetime,
    bury: Callable[[GaveUp], None],
) -> None:
    """Write the outcome, fenced: a frozen worker that wakes up late changes nothing."""
    failure = outcome if isinstance(outcome, DeliveryError) else None
    state, due_at = _next(delivery, failure, now=now)
    with transaction.atomic():
        ours = Delivery.objects.filter(pk=delivery.pk, token=token, state=State.ATTEMPTING)
        settled = ours.update(
            state=state,
            due_at=due_at or Now(),
            token=None,
            claim_count=0,
            reason=failure.code if failure else "",
            finished_at=None if state == State.RETRY else now,
        )
        faultpoint("D7")
        if not settled:
            return
        _finish(attempt, outcome)
        if state == State.DELIVERED:
            mark_delivered([delivery], now=now)
        if failure is not None and state != State.RETRY:
            bury(gave_up(delivery, failure.code, redact(failure.detail)))


def _finish(attempt: DeliveryAttempt, outcome: Receipt | DeliveryError) -> None:
    failure = outcome if isinstance(outcome, DeliveryError) else None
    DeliveryAttempt.objects.filter(pk=attempt.pk).update(
        outcome=Outcome.FAILED if failure else Outcome.DELIVERED,
        finished_at=Now(),
        error_code=failure.code if failure else "",
        error=redact(failure.detail)[:300] if failure else "",
        provider_message_id=outcome.provider_message_id if isinstance(outcome, Receipt) else "",
    )


def _next(
    delivery: Delivery, failure: DeliveryError | None, *, now: datetime
) -> tuple[str, datetime | None]:
    if failure is None:
        return State.DELIVERED, None
    if failure.permanent:
        return State.FAILED, None
    due_at = next_due(
        delivery.attempt_count,
        now=now,
        schedule=settings.RETRY_SCHEDULE_SECONDS,
        expires_at=delivery.subject.expires_at,
        jitter=random.uniform(-1.0, 1.0),  # noqa: S311  # not a secret
        retry_after=str(failure.retry_after) if failure.retry_after else None,
    )
    return (State.RETRY, due_at) if due_at else (State.DEAD, None)
