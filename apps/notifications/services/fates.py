"""What an outcome makes of a delivery and of its attempt."""

import random
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from apps.core.engines.circuit import Outcome as Fault
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.engines.outcomes import (
    Doubt,
    Fate,
    Life,
    after_doubt,
    after_failure,
    in_doubt,
)
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services.errands import is_urgent
from apps.notifications.services.sending import Done, NotSent

State, Outcome = Delivery.State, DeliveryAttempt.Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """`outcome` is the attempt's; `code` and `error` say why it was not delivered."""

    done: Done
    fate: Fate
    outcome: str
    code: str = ""
    error: str = ""

    @property
    def delivered(self) -> bool:
        return self.fate.state == State.DELIVERED

    @property
    def failed(self) -> bool:
        """It will never arrive, or would too late: another channel may."""
        return self.fate.state in (State.FAILED, State.DEAD)

    @property
    def gave_up(self) -> bool:
        """Nothing follows by itself: an operator is to know."""
        return self.failed or self.fate.state == State.HELD


def settlement_of(done: Done, *, now: datetime) -> Settlement:
    result = done.outcome
    if isinstance(result, Receipt):
        return _settlement(done, Outcome.DELIVERED, Fate.delivered(done.delivery.failure_count))
    if isinstance(result, NotSent):
        return _again(done, Outcome.FAILED, "not_sent", now)
    if done.look_up:
        return _after_look_up(done, result, now)
    if isinstance(result, DeliveryUnclear):
        return _settlement(done, Outcome.UNKNOWN, _doubtful(done, now), result)
    fate = after_failure(
        _life(done),
        permanent=result.permanent,
        counts=result.fault is not Fault.THROTTLED,
        retry_after=result.retry_after,
        now=now,
    )
    return _settlement(done, Outcome.FAILED, fate, result)


def _after_look_up(done: Done, error: DeliveryError | DeliveryUnclear, now: datetime) -> Settlement:
    """A provider that does not answer is asked again; one that cannot say is not."""
    if isinstance(error, DeliveryError) and not error.permanent:
        return _settlement(done, Outcome.UNKNOWN, _doubtful(done, now), error)
    policy = CHANNELS.get(done.delivery.channel).on_unknown
    if in_doubt(policy, urgent=is_urgent(done.delivery), asked=True) is Doubt.SEND:
        return _again(done, Outcome.LOST, "unknown", now)
    fate = Fate(state=State.HELD, due_at=None, failures=done.delivery.failure_count)
    return _settlement(done, Outcome.UNKNOWN, fate, error)


def _again(done: Done, outcome: str, code: str, now: datetime) -> Settlement:
    fate = Fate(state=State.RETRY, due_at=now, failures=done.delivery.failure_count)
    return Settlement(done=done, fate=fate, outcome=outcome, code=code)


def _settlement(
    done: Done, outcome: str, fate: Fate, error: DeliveryError | DeliveryUnclear | None = None
) -> Settlement:
    return Settlement(
        done=done,
        fate=fate,
        outcome=outcome,
        code=error.code if error else "",
        error=error.detail if error else "",
    )


def _doubtful(done: Done, now: datetime) -> Fate:
    grace = CHANNELS.get(done.delivery.channel).grace_seconds
    return after_doubt(_life(done), grace_seconds=grace, now=now)


def _life(done: Done) -> Life:
    return Life(
        failures=done.delivery.failure_count,
        expires_at=done.delivery.subject.expires_at,
        schedule=settings.RETRY_SCHEDULE_SECONDS,
        jitter=random.uniform(-1.0, 1.0),  # noqa: S311  # not a secret
    )
