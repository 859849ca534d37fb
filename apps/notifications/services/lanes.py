"""Threads in which live connections read the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")

LANES = 4


class Lanes:
    """A key always has the same thread, so one person's reads follow one another.

    Each thread keeps a connection of its own for as long as CONN_MAX_AGE lets it.
    """

    def __init__(self) -> None:
        self._lanes = [ThreadPoolExecutor(1, thread_name_prefix="stream") for _ in range(LANES)]

    async def run(self, key: int, call: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._lanes[key % LANES], _with_connection, call)

    async def rest(self) -> None:
        """Close connections that have lived long enough: nobody may read for hours."""
        await asyncio.gather(*(self.run(lane, _nothing) for lane in range(LANES)))

    async def stop(self) -> None:
        await asyncio.gather(*(self.run(lane, _close) for lane in range(LANES)))
        for lane in self._lanes:
            lane.shutdown()


def _with_connection(call: Callable[[], T]) -> T:
    connection.close_if_unusable_or_obsolete()
    try:
        return call()
    finally:
        connection.close_if_unusable_or_obsolete()


def _close() -> None:
    connection.close()


def _nothing() -> None:
    """The closing around it is all that is wanted."""
