"""Hearing `live.signal` in a process that keeps pages open: one connection that only listens."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.db import connection

from apps.notifications.services.live import CHANNEL

log = structlog.get_logger(__name__)

# Called with the ids of a signal; None when signals may have been lost, so that anybody's changed.
Heard = Callable[[frozenset[int] | None], None]

_DJANGO_ONLY = ("context", "cursor_factory", "prepare_threshold", "server_side_binding", "pool")
# A silent connection is asked for a sign of life this often.
_PROBE_SECONDS = 20.0
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


async def listen_forever(heard: Heard) -> None:
    """Until cancelled. A lost connection is made again, after pauses of 0.1 s up to 5 s."""
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            async with await _connect() as listener:
                await listener.execute(f"LISTEN {CHANNEL}")
                pause = _FIRST_PAUSE_SECONDS
                heard(None)
                await _pass_on(listener, heard)
        except (psycopg.Error, OSError) as error:
            log.warning("live_listener_lost", error=type(error).__name__, pause_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def ids_of(payload: str) -> frozenset[int]:
    """The user ids of one signal; anything else in it is ignored."""
    return frozenset(int(part) for part in payload.split(",") if part.isdecimal())


async def _pass_on(listener: psycopg.AsyncConnection[Any], heard: Heard) -> None:
    while True:
        async for signal in listener.notifies(timeout=_PROBE_SECONDS):
            heard(ids_of(signal.payload))
        async with asyncio.timeout(_PROBE_SECONDS):
            await listener.execute("SELECT 1")


async def _connect() -> psycopg.AsyncConnection[Any]:
    """To Django's own database."""
    parameters = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key not in _DJANGO_ONLY
    }
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
