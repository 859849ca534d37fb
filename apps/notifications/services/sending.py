"""Sends, many at a time: they run in the background loop and come back one by one, settled or not.

A slot is free again only when its outcome was written down, so that a crash repeats at most as many
messages as there are slots.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from django.conf import settings

from apps.core.http import background
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Message,
    Receipt,
    Sent,
    Target,
)
from apps.notifications.models import Delivery, DeliveryAttempt

log = structlog.get_logger(__name__)

# What the channel's own deadline may be late by.
_GRACE_SECONDS = 1.0
# Outcomes that come within this are written down together.
_GATHER_SECONDS = 0.01
# However long a send takes, what has become due meanwhile is looked for so often.
_WAIT_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSent:
    """The provider was asked, and surely never got it."""


Outcome: TypeAlias = Receipt | DeliveryError | DeliveryUnclear | NotSent


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing to do outside: send a message, or look up what became of an attempt (`look_up`)."""

    delivery: Delivery
    token: UUID
    attempt: DeliveryAttempt
    message: Message
    target: Target
    provider: str
    look_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a delivery. `attempt` is None where it was given up before one was made.

    `asked`: its provider was, just now.
    """

    delivery: Delivery
    token: UUID
    outcome: Outcome
    attempt: DeliveryAttempt | None = None
    look_up: bool = False
    asked: bool = False


class Slots:
    """At most so many errands at a time. For one thread."""

    def __init__(self, count: int) -> None:
        self.free = count
        self._count = count
        self._done: SimpleQueue[Done] = SimpleQueue()

    @property
    def busy(self) -> int:
        return self._count - self.free

    def start(self, errand: Errand) -> None:
        """Outside of any transaction. Takes a slot, which `settled` frees."""
        self.free -= 1
        background.start(self._run(errand))

    def finished(self) -> list[Done]:
        """What is done, at the latest after _WAIT_SECONDS: then nothing may be."""
        try:
            return [self._done.get(timeout=_WAIT_SECONDS), *self._waiting()]
        except Empty:
            return []

    def settled(self, done: list[Done]) -> None:
        self.free += len(done)

    def _waiting(self) -> Iterator[Done]:
        try:
            while True:
                yield self._done.get(timeout=_GATHER_SECONDS)
        except Empty:
            return

    async def _run(self, errand: Errand) -> None:
        outcome = await bounded(_do(errand), channel=errand.delivery.channel)
        self._done.put(
            Done(
                delivery=errand.delivery,
                token=errand.token,
                outcome=outcome,
                attempt=errand.attempt,
                look_up=errand.look_up,
                asked=True,
            )
        )


async def bounded(call: Coroutine[Any, Any, Outcome], *, channel: str) -> Outcome:
    """What a call of a channel's came to, whatever it raises and however long it would take."""
    deadline = settings.SEND_DEADLINE_SECONDS + _GRACE_SECONDS
    try:
        return await asyncio.wait_for(call, deadline)
    except (DeliveryError, DeliveryUnclear) as error:
        return error
    except TimeoutError:
        return DeliveryUnclear(f"No answer within {deadline:g} s")
    except Exception:
        # Nobody foresaw it, so it may have been sent.
        log.exception("channel_failed", channel=channel)
        return DeliveryUnclear("The channel failed", code="channel_failed")


async def _do(errand: Errand) -> Outcome:
    channel = CHANNELS.get(errand.delivery.channel)
    if not errand.look_up:
        return await channel.send(errand.message, errand.target, errand.provider)
    sent = Sent(
        ref=errand.attempt.public_id,
        started_at=errand.attempt.started_at,
        message=errand.message,
    )
    found = await channel.look_up(sent, errand.target, errand.provider)
    return NotSent() if found is None else found
