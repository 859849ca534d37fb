"""The door: `POST /webhooks/*` served natively, before Django, so that a burst costs little.

    read (capped, with a deadline) → inspect (signature, shape) → group commit → 202

While one batch commits the next one gathers; there is no timer, so a lone webhook never waits.
The same `inspect` and `accept` serve the ordinary view in `api/views.py`.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from django.conf import settings
from django.utils import timezone

from apps.core import hints
from apps.core.errors import MethodNotAllowed, TooLarge, Unavailable, VigilError
from apps.core.peers import behind_proxies
from apps.ingestion.services.answering import answer_error, answer_receipt, slug_of
from apps.ingestion.services.directory import directory
from apps.ingestion.services.inspecting import inspect
from apps.ingestion.services.receiving import Outcome, accept
from apps.ingestion.types import Parcel, Posting, Receipt

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

# While its one batch is written the next one gathers: two at once would be smaller and dearer.
COMMITTERS = 1
# One hint serves every batch of this time: fewer would be felt, more would cost the door.
HINT_PAUSE_SECONDS = 0.01

# Answered before the whole body was read: whoever still sends is hung up on, not listened to.
PERHAPS_UNREAD = frozenset({405, 408, 413, 503})


class GroupCommit:
    """Gathers parcels while the last batch commits. Bounded: a full queue says so at once."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Parcel, asyncio.Future[Outcome]]] = deque()
        self._arrived = asyncio.Event()
        self._threads = ThreadPoolExecutor(COMMITTERS, thread_name_prefix="door")
        self._committed = asyncio.Event()
        self._hinter = ThreadPoolExecutor(1, thread_name_prefix="hint")
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self._refresh()
        self._tasks = [asyncio.create_task(self._commit_forever()) for _ in range(COMMITTERS)]
        self._tasks.append(asyncio.create_task(self._refresh_forever()))
        self._tasks.append(asyncio.create_task(self._hint_forever()))

    async def stop(self) -> None:
        while self._waiting:
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown()
        self._hinter.shutdown()

    async def submit(self, parcel: Parcel) -> Receipt:
        """Wait until `parcel` is committed. Raises the VigilError it met."""
        if len(self._waiting) >= settings.WEBHOOK_QUEUE_LIMIT:
            raise Unavailable("Too many bodies are waiting", code="queue_full", retry_after=5)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((parcel, future))
        self._arrived.set()
        outcome = await future
        if isinstance(outcome, VigilError):
            raise outcome
        return outcome

    async def _commit_forever(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._arrived.wait()
            batch = [
                self._waiting.popleft()
                for _ in range(min(len(self._waiting), settings.WEBHOOK_BATCH_ROWS))
            ]
            if not self._waiting:
                self._arrived.clear()
            if not batch:
                continue
            parcels = [parcel for parcel, _ in batch]
            outcomes = await loop.run_in_executor(self._threads, _commit, parcels)
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if not future.done():
                    future.set_result(outcome)
            self._committed.set()

    async def _hint_forever(self) -> None:
        """Nobody waits for a hint: a Redis that does not answer delays no sender."""
        loop = asyncio.get_running_loop()
        while True:
            await self._committed.wait()
            self._committed.clear()
            await loop.run_in_executor(self._hinter, hints.poke, "inbox")
            await asyncio.sleep(HINT_PAUSE_SECONDS)

    async def _refresh_forever(self) -> None:
        while True:
            await asyncio.sleep(settings.SOURCE_CACHE_SECONDS)
            await self._refresh()

    async def _refresh(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, directory.refresh)
        except Exception:
            log.exception("source_directory_not_refreshed")


def _commit(parcels: list[Parcel]) -> list[Outcome]:
    try:
        return accept(parcels)
    except Exception:
        log.exception("door_batch_failed", size=len(parcels))
        return [Unavailable(retry_after=5) for _ in parcels]


class Door:
    """The ASGI application behind `/webhooks/`."""

    def __init__(self) -> None:
        self._commit = GroupCommit()

    async def start(self) -> None:
        """Knows its sources before it opens, where the database answers."""
        await self._commit.start()

    async def stop(self) -> None:
        await self._commit.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            status, headers, body = await self._handle(scope, receive)
        except VigilError as error:
            status, headers, body = answer_error(error)
        except Exception:
            log.exception("door_failed")
            status, headers, body = answer_error(Unavailable(retry_after=5))
        if status in PERHAPS_UNREAD:
            headers["connection"] = "close"
        await _respond(send, status, headers, body)

    async def _handle(self, scope: Scope, receive: Receive) -> tuple[int, dict[str, str], bytes]:
        if scope["method"] != "POST":
            raise MethodNotAllowed
        snapshot = directory.latest()
        if snapshot is None:
            raise Unavailable("Starting", retry_after=1)
        if snapshot.backlog_full:
            raise Unavailable("The inbox is full", code="queue_full", retry_after=15)
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        body = await _read(headers, receive)
        posting = Posting(
            slug=slug_of(scope["path"]),
            headers=headers,
            body=body,
            peer=_peer(scope, headers),
        )
        parcel = inspect(
            posting,
            snapshot.sources,
            now=timezone.now(),
            max_bytes=settings.WEBHOOK_MAX_BYTES,
        )
        return answer_receipt(await self._commit.submit(parcel))


async def _read(headers: dict[str, str], receive: Receive) -> bytes:
    """The whole body. Raises TooLarge before reading what is announced too long, 408 when slow."""
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > settings.WEBHOOK_MAX_BYTES:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.WEBHOOK_READ_DEADLINE_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise VigilError("The sender went away", code="request_timeout", status=408)
                chunks.append(message.get("body", b""))
                size += len(chunks[-1])
                if size > settings.WEBHOOK_MAX_BYTES:
                    raise TooLarge
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise VigilError(
            "The body did not arrive in time", code="request_timeout", status=408
        ) from None


def _peer(scope: Scope, headers: dict[str, str]) -> str:
    client = scope.get("client")
    return behind_proxies(client[0] if client else "", headers.get("x-forwarded-for", ""))


async def _respond(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    encoded.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
