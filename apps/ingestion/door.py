"""The door: `POST /webhooks/*` served natively, before Django, so that a burst costs little.

    read (capped, with a deadline) → inspect (signature, shape) → group commit → 202

While one batch commits the next one gathers, in a burst a moment longer; a lone webhook never
waits. The same `inspect` and `accept` serve the ordinary view in `api/views.py`.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from apps.core import hints
from apps.core.errors import (
    MethodNotAllowed,
    RequestTimeout,
    TooLarge,
    Unavailable,
    VigilError,
)
from apps.core.groupcommit import GroupCommit
from apps.core.peers import behind_proxies
from apps.ingestion.services.answering import answer_error, answer_receipt, slug_of
from apps.ingestion.services.directory import directory
from apps.ingestion.services.inspecting import inspect
from apps.ingestion.services.receiving import Outcome, accept
from apps.ingestion.types import Parcel, Posting

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

# One hint serves every batch of this time: fewer would be felt, more would cost the door.
HINT_PAUSE_SECONDS = 0.025

# A body announced up to so many times too large is read to its end and thrown away: who is hung up
# on while sending may never see why.
HEARD_OUT = 4
# Answered before the whole body was read: whoever still sends is hung up on, not listened to.
PERHAPS_UNREAD = frozenset({405, 408, 413, 503})


def _write(parcels: Sequence[Parcel]) -> list[Outcome]:
    try:
        return accept(parcels)
    except Exception:
        log.exception("door_batch_failed", size=len(parcels))
        # It may be what this connection remembers: the next batch begins with another.
        connection.close()
        return [Unavailable(retry_after=5) for _ in parcels]


def _look_again() -> None:
    """In the thread that commits: a connection found dead here costs no webhook a refusal."""
    try:
        directory.refresh()
    except Error:
        connection.close()
        raise


class Door:
    """The ASGI application behind `/webhooks/`."""

    def __init__(self) -> None:
        self._commit = GroupCommit(
            _write,
            queue_limit=settings.WEBHOOK_QUEUE_LIMIT,
            batch_limit=settings.WEBHOOK_BATCH_ROWS,
        )
        self._hinter = ThreadPoolExecutor(1, thread_name_prefix="hint")
        self._tasks: list[asyncio.Task[None]] = []
        self._blind = False

    async def start(self) -> None:
        """Knows its sources before it opens, where the database answers."""
        await self._refresh()
        duties = (self._commit.run(), self._refresh_forever(), self._hint_forever())
        self._tasks = [asyncio.create_task(duty) for duty in duties]

    async def stop(self) -> None:
        await self._commit.drained()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._commit.thread.shutdown()
        self._hinter.shutdown()

    async def _hint_forever(self) -> None:
        """Nobody waits for a hint: a Redis that does not answer delays no sender."""
        loop = asyncio.get_running_loop()
        while True:
            await self._commit.written.wait()
            self._commit.written.clear()
            await loop.run_in_executor(self._hinter, hints.poke, "inbox")
            await asyncio.sleep(HINT_PAUSE_SECONDS)

    async def _refresh_forever(self) -> None:
        while True:
            await asyncio.sleep(settings.SOURCE_CACHE_SECONDS)
            await self._refresh()

    async def _refresh(self) -> None:
        """What it knew stays true until it can look again. An outage is told once, and its end."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._commit.thread, _look_again)
        except Exception:
            if not self._blind:
                log.exception("source_directory_not_refreshed")
            self._blind = True
        else:
            if self._blind:
                log.warning("source_directory_refreshed_again")
            self._blind = False

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
        outcome = await self._commit.submit(parcel)
        if isinstance(outcome, VigilError):
            raise outcome
        return answer_receipt(outcome)


async def _read(headers: dict[str, str], receive: Receive) -> bytes:
    """The whole body. Raises TooLarge, at once where the length is absurd, and 408 when slow."""
    length, limit = headers.get("content-length", ""), settings.WEBHOOK_MAX_BYTES
    announced = int(length) if length.isdigit() else 0
    if announced > HEARD_OUT * limit:
        raise TooLarge
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.WEBHOOK_READ_DEADLINE_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RequestTimeout("The sender went away")
                size += len(message.get("body", b""))
                if size <= limit:
                    chunks.append(message.get("body", b""))
                elif size >= announced:
                    raise TooLarge
                if not message.get("more_body", False):
                    return b"".join(chunks)
    except TimeoutError:
        raise RequestTimeout("The body did not arrive in time") from None


def _peer(scope: Scope, headers: dict[str, str]) -> str:
    client = scope.get("client")
    return behind_proxies(client[0] if client else "", headers.get("x-forwarded-for", ""))


async def _respond(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    encoded.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
