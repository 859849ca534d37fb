"""Hints to the workers: "there is work in this queue". Losing every one of them loses nothing.

A hint is sent after commit. While one waits in the broker, or a drain keeps up with the queue, no
second is sent; a drain takes the mark away before it looks for the last time, so whatever is
committed later hints again. Redis down: nothing is sent for a second at a time, and the sweep
finds the work (docs/adr/0002).
"""

import time

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from apps.core.redis import client

log = structlog.get_logger(__name__)

DRAIN_TASK = "pipeline.drain"
MARK_MILLISECONDS = 5_000
PAUSE_SECONDS = 1.0

_silent_until = 0.0


def poke(queue: str) -> None:
    """Tell a worker that `queue` has work. Never raises, waits no longer than Redis' time-out."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        if client().set(_mark(queue), 1, nx=True, px=MARK_MILLISECONDS):
            current_app.send_task(
                DRAIN_TASK, kwargs={"queue": queue}, queue=queue, expires=60, ignore_result=True
            )
    except (RedisError, OperationalError, OSError):
        _silent_until = time.monotonic() + PAUSE_SECONDS
        log.warning("hint_not_sent", queue=queue)


def hold(queue: str) -> None:
    """A drain is at work and looks again: until then new work need not hint."""
    try:
        client().set(_mark(queue), 1, px=MARK_MILLISECONDS)
    except (RedisError, OSError):
        log.warning("hint_not_held", queue=queue)


def taken(queue: str) -> None:
    """From now on new work must hint again."""
    try:
        client().delete(_mark(queue))
    except (RedisError, OSError):
        log.warning("hint_not_cleared", queue=queue)


def _mark(queue: str) -> str:
    return f"hint:{queue}"
