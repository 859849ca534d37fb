"""Mail's own threads: smtplib and SendGrid's SDK block, and must not hold up other channels."""

import asyncio
import os
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from django.conf import settings

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Receipt
from apps.notifications.channels.email.letters import Letter
from apps.notifications.channels.email.providers.base import MailErrand

# An errand keeps to its deadline by itself; this is for one that is kept from noticing.
_GRACE_SECONDS = 0.5

# Per process: a fork inherits the object but none of its threads.
_pool: ThreadPoolExecutor | None = None


async def hand_over(letter: Letter, errand: MailErrand) -> Receipt:
    """What became of it, at the latest shortly after SEND_DEADLINE_SECONDS."""
    deadline: float = settings.SEND_DEADLINE_SECONDS
    future = _threads().submit(partial(errand.run, letter, deadline_seconds=deadline))
    waiting = asyncio.wrap_future(future)
    waiting.add_done_callback(_seen)
    done, _ = await asyncio.wait({waiting}, timeout=deadline + _GRACE_SECONDS)
    return waiting.result() if done else _given_up(future, errand, deadline)


def _given_up(future: Future[Receipt], errand: MailErrand, deadline: float) -> Receipt:
    if future.cancel():
        raise DeliveryError(
            "All of EMAIL_CONNECTIONS were busy", permanent=False, code="connections_busy"
        )
    if errand.abort():
        raise DeliveryUnclear(f"No answer within {deadline:g} s")
    raise DeliveryError(
        f"Not taken within {deadline:g} s", permanent=False, fault=Outcome.TIMEOUT, code="timeout"
    )


def _seen(future: asyncio.Future[Receipt]) -> None:
    """What comes after everybody has stopped waiting is nobody's error."""
    if not future.cancelled():
        future.exception()


def _threads() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        _pool = ThreadPoolExecutor(settings.EMAIL_CONNECTIONS, thread_name_prefix="mail")
    return _pool


def _forget_after_fork() -> None:
    global _pool
    _pool = None


os.register_at_fork(after_in_child=_forget_after_fork)
