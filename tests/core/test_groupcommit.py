import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from apps.core.errors import Unavailable
from apps.core.groupcommit import GATHER_ITEMS, GATHER_WHILE_SECONDS, GroupCommit

Story = Callable[[GroupCommit[int, str]], Awaitable[None]]


class Ledger:
    """Writes batches and remembers them; the first is in no hurry."""

    def __init__(self, first_seconds: float = 0.0) -> None:
        self.batches: list[list[int]] = []
        self._seconds = first_seconds

    def write(self, items: Sequence[int]) -> list[str]:
        self.batches.append(list(items))
        time.sleep(self._seconds)
        self._seconds = 0.0
        return [f"written {item}" for item in items]


def tell(ledger: Ledger, story: Story, *, queue_limit: int = 100, batch_limit: int = 50) -> None:
    async def live() -> None:
        commit = GroupCommit(ledger.write, queue_limit=queue_limit, batch_limit=batch_limit)
        running = asyncio.create_task(commit.run())
        try:
            await story(commit)
        finally:
            running.cancel()
            commit.thread.shutdown()

    asyncio.run(live())


async def first_then(commit: GroupCommit[int, str], count: int) -> list[str]:
    """Item 0, and while it is written 1 to `count`."""
    first = asyncio.create_task(commit.submit(0))
    await asyncio.sleep(0.01)
    return [*await asyncio.gather(*(commit.submit(n) for n in range(1, count + 1))), await first]


def test_a_full_queue_refuses_at_once_and_keeps_what_it_has() -> None:
    ledger = Ledger(first_seconds=0.1)

    async def story(commit: GroupCommit[int, str]) -> None:
        waiting = asyncio.create_task(first_then(commit, 2))
        await asyncio.sleep(0.03)
        with pytest.raises(Unavailable) as refused:
            await commit.submit(9)
        assert refused.value.code == "queue_full"
        assert await waiting == ["written 1", "written 2", "written 0"]

    tell(ledger, story, queue_limit=2)
    assert ledger.batches == [[0], [1, 2]]


def test_a_lone_item_is_written_at_once() -> None:
    ledger = Ledger()

    async def story(commit: GroupCommit[int, str]) -> None:
        assert [await commit.submit(number) for number in range(3)] == [
            "written 0",
            "written 1",
            "written 2",
        ]

    tell(ledger, story)
    assert ledger.batches == [[0], [1], [2]]


def test_what_arrives_during_a_write_is_written_together() -> None:
    ledger = Ledger(first_seconds=0.1)

    async def story(commit: GroupCommit[int, str]) -> None:
        assert len(await first_then(commit, 12)) == 13

    tell(ledger, story)
    assert ledger.batches == [[0], list(range(1, 13))]


def test_a_burst_that_dries_up_waits_only_a_moment() -> None:
    ledger = Ledger(first_seconds=0.03)

    async def story(commit: GroupCommit[int, str]) -> None:
        async with asyncio.timeout(GATHER_WHILE_SECONDS + 5.0):
            await first_then(commit, GATHER_ITEMS - 1)

    tell(ledger, story)
    assert ledger.batches == [[0], list(range(1, GATHER_ITEMS))]


def test_no_batch_is_larger_than_its_limit() -> None:
    ledger = Ledger(first_seconds=0.1)

    async def story(commit: GroupCommit[int, str]) -> None:
        await first_then(commit, 25)

    tell(ledger, story, batch_limit=10)
    assert [len(batch) for batch in ledger.batches] == [1, 10, 10, 5]


def test_a_sender_who_left_takes_nobody_along() -> None:
    ledger = Ledger(first_seconds=0.05)

    async def story(commit: GroupCommit[int, str]) -> None:
        first = asyncio.create_task(commit.submit(0))
        await asyncio.sleep(0.01)
        left, stayed = (asyncio.create_task(commit.submit(number)) for number in (1, 2))
        await asyncio.sleep(0.01)
        left.cancel()
        assert await stayed == "written 2"
        assert await first == "written 0"

    tell(ledger, story)
    assert ledger.batches == [[0], [1, 2]]
