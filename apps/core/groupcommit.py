"""Group commit: what arrives while one batch is written is written together as the next.

A lone item is written at once. What came during a write is a burst, and waits a moment longer
until enough have gathered: fewer commits, and in a burst their cost is what everybody waits for.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Generic, TypeVar

from apps.core.errors import Unavailable

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

# A burst waits until this many have gathered, or none comes for a while, or so many whiles long.
GATHER_ITEMS = 10
GATHER_WHILE_SECONDS = 0.002
GATHER_WHILES = 5


class GroupCommit(Generic[Item, Outcome]):
    """Bounded: a full queue says so at once. Belongs to one event loop.

    `write` runs in a thread of its own, one batch at a time (two at once would be smaller and
    dearer), and returns one outcome per item, in order; it must not raise.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Outcome]],
        *,
        queue_limit: int,
        batch_limit: int,
    ) -> None:
        self._write = write
        self._queue_limit = queue_limit
        self._batch_limit = batch_limit
        self._waiting: deque[tuple[Item, asyncio.Future[Outcome]]] = deque()
        self._arrived = asyncio.Event()
        self._enough = asyncio.Event()
        self.written = asyncio.Event()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="commit")

    async def submit(self, item: Item) -> Outcome:
        """Wait until `item` is written. Raises Unavailable when too many wait already."""
        if len(self._waiting) >= self._queue_limit:
            raise Unavailable("Too many bodies are waiting", code="queue_full", retry_after=5)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        self._arrived.set()
        if len(self._waiting) >= GATHER_ITEMS:
            self._enough.set()
        return await future

    async def run(self) -> None:
        """Write batches until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            if self._waiting:
                await self._gather()
            await self._arrived.wait()
            batch = self._next_batch()
            items = [item for item, _ in batch]
            outcomes = await loop.run_in_executor(self.thread, self._write, items)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)
            self.written.set()

    async def drained(self) -> None:
        """Until nothing waits any more."""
        while self._waiting:
            await asyncio.sleep(0.01)

    async def _gather(self) -> None:
        for _ in range(GATHER_WHILES):
            before = len(self._waiting)
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_WHILE_SECONDS):
                    await self._enough.wait()
            if len(self._waiting) >= GATHER_ITEMS or len(self._waiting) == before:
                return

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Outcome]]]:
        count = min(len(self._waiting), self._batch_limit)
        batch = [self._waiting.popleft() for _ in range(count)]
        if not self._waiting:
            self._arrived.clear()
        if len(self._waiting) < GATHER_ITEMS:
            self._enough.clear()
        return batch
