"""A message to oneself through a channel, to see whether it works: sent at once, on record.

It is no notification: nothing retries it, nothing counts it, and no other channel stands in.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.accounts.models import Aura, User
from apps.accounts.selectors import business_of
from apps.audit.services.recording import record
from apps.audit.types import AuditDraft, AuditType
from apps.core import correlation
from apps.core.errors import Forbidden, InvalidInput, NotFound, RateLimited, Unavailable
from apps.core.http import background
from apps.core.identifiers import uuid7
from apps.core.redaction import redact
from apps.core.resilience.breaker import CircuitOpen
from apps.core.resilience.limits import Limit
from apps.core.resilience.ratelimit import limiter
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, Message, Receipt
from apps.notifications.engines.present import held
from apps.notifications.models import Address
from apps.notifications.selectors.effective import preferences_of
from apps.notifications.services.circuits import Circuits
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.reaching import reachable, target_of
from apps.notifications.services.sending import NotSent, bounded
from apps.notifications.types import Bar

_LIFETIME = timedelta(minutes=10)
# Longer than a send's own, so that its outcome is known.
_GRACE_SECONDS = 2.0
_WORDS = {
    Bar.OFF: "You switched it off",
    Bar.TIER: "Your plan does not have it",
    Bar.NO_ADDRESS: "There is no address to send it to",
    Bar.UNVERIFIED: "Its address is not verified yet",
    Bar.NO_CONSENT: "You did not consent to it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of it at one address (`hint`; "" for a channel without any)."""

    ref: UUID
    hint: str
    outcome: str
    code: str = ""
    detail: str = ""
    provider_message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    message: Message
    address: Address | None
    provider: str


def try_channel(
    user: User, channel: str, text: str, *, now: datetime, aura_ref: UUID | None = None
) -> list[Tried]:
    """Send `text` to each address that a notification would go to. Not inside a transaction.

    Raises NotFound for an aura that is not theirs, RateLimited, InvalidInput for a channel that
    sends nothing, Forbidden where the person could not be told this way now, and Unavailable where
    nobody can.
    """
    if aura_ref is not None and not Aura.objects.filter(user=user, public_id=aura_ref).exists():
        raise NotFound
    _limit(user)
    _require_allowed(user, channel, now)
    trials = _trials(user, channel, text, now)
    _note(user, channel, "A test message is about to be sent", {"addresses": len(trials)})
    deadline = settings.SEND_DEADLINE_SECONDS + _GRACE_SECONDS
    tried = background.run(_send_all(channel, trials), timeout_seconds=deadline)
    _note(user, channel, "A test message was sent", {"outcomes": [one.outcome for one in tried]})
    return tried


def _limit(user: User) -> None:
    limit = Limit(key=f"try:{user.pk}", per_minute=settings.RATE_LIMIT_TEST_PER_MINUTE)
    [wait] = limiter("closed").check([[limit]])
    if wait:
        raise RateLimited(retry_after=wait)


def _require_allowed(user: User, channel: str, now: datetime) -> None:
    if channel not in CHANNELS or CHANNELS.get(channel).local:
        raise InvalidInput(fields={"channel": "No message can be sent this way."})
    business = business_of(user)
    preference = preferences_of({(business.pk, user.pk)}, needs=needs_in_use())[
        business.pk, user.pk
    ]
    barred = {one.name: one.bar for one in preference.barred}
    if channel in barred:
        raise Forbidden(_WORDS[barred[channel]], code="channel_not_allowed")
    if channel not in preference.channels:
        raise Unavailable("Nobody is told this way here", code="channel_unavailable")
    answer = held(preference, channel, None, now)
    if answer.until is not None:
        raise Forbidden(f"Quiet until {answer.until:%Y-%m-%d %H:%M} UTC", code="quiet_hours_active")


def _trials(user: User, channel: str, text: str, now: datetime) -> list[_Trial]:
    plugin, circuits = CHANNELS.get(channel), Circuits()
    addresses: list[Address | None] = [None]
    if plugin.addressed:
        found = reachable(user, channel, now=now)
        addresses = [*(found if plugin.each else found[:1])]
    trials = []
    for address in addresses:
        names = plugin.providers(target_of(address))
        if not names:
            raise Unavailable("This channel is not set up", code="channel_unavailable")
        try:
            provider = circuits.choose(names)
        except CircuitOpen as error:
            raise Unavailable(
                error.detail, code="channel_unavailable", retry_after=error.retry_after
            ) from error
        trials.append(_Trial(message=_message(user, text, now), address=address, provider=provider))
    return trials


def _message(user: User, text: str, now: datetime) -> Message:
    ref = uuid7()
    return Message(
        ref=ref,
        key=ref,
        business_id=business_of(user).pk,
        user_id=user.pk,
        title="A test from Vigil",
        body=text,
        category="other",
        priority=5,
        correlation_id=ref,
        created_at=now,
        expires_at=now + _LIFETIME,
    )


async def _send_all(channel: str, trials: Sequence[_Trial]) -> list[Tried]:
    return list(await asyncio.gather(*(_send(channel, trial) for trial in trials)))


async def _send(channel: str, trial: _Trial) -> Tried:
    send = CHANNELS.get(channel).send(trial.message, target_of(trial.address), trial.provider)
    outcome = await bounded(send, channel=channel)
    hint = trial.address.hint if trial.address else ""
    if isinstance(outcome, Receipt):
        return Tried(
            ref=trial.message.ref,
            hint=hint,
            outcome="delivered",
            provider_message_id=outcome.provider_message_id,
        )
    assert not isinstance(outcome, NotSent)  # noqa: S101  # only look-ups say so
    refused = isinstance(outcome, DeliveryError)
    return Tried(
        ref=trial.message.ref,
        hint=hint,
        outcome="failed" if refused else "unknown",
        code=outcome.code,
        detail=redact(outcome.detail),
    )


def _note(user: User, channel: str, message: str, metadata: Mapping[str, Any]) -> None:
    record(
        [
            AuditDraft(
                type=AuditType.NOTIFICATION_TESTED,
                message=message,
                business_id=business_of(user).pk,
                actor_id=user.pk,
                correlation_id=correlation.current(),
                metadata={"channel": channel, **metadata},
            )
        ]
    )
