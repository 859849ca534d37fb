"""`GET /api/notifications/stream`, served natively: Server-Sent Events for one person.

    LISTEN ─► Hub wakes the person's clients ─► each reads what is new for it ─► sends

A client keeps no queue: signals that come while it reads or sends fold into one more look, so a
slow one costs a row of marks and never memory. What it says is in services/streaming.py.
"""

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie
from django.utils import timezone

from apps.accounts.authentication import user_of_headers
from apps.accounts.models import User
from apps.core.api.problems import problem_response
from apps.core.errors import MethodNotAllowed, Unauthorized, Unavailable, VigilError
from apps.notifications.engines.cursor import Cursor, parse_cursor
from apps.notifications.services import presence
from apps.notifications.services.hub import Client, Hub
from apps.notifications.services.lanes import Lanes
from apps.notifications.services.listening import listen_forever
from apps.notifications.services.streaming import HEARTBEAT, Follower, replaced

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 15.0
# A session that was ended elsewhere loses its stream after this long at the latest.
WELCOME_SECONDS = 60.0
# What does not go out in this time goes to nobody.
SEND_SECONDS = 20.0
DATABASE_PAUSE_SECONDS = 2.0
# How often it is written down who has a stream open, within PRESENCE_WINDOW_SECONDS.
SIGNS_PER_WINDOW = 3

_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


class Stream:
    """The ASGI application."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._lanes = Lanes()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(listen_forever(self.hub.heard)),
            asyncio.create_task(self._rest_forever()),
            asyncio.create_task(self._see_forever()),
        ]
        self._end_streams_first()

    async def stop(self) -> None:
        self.hub.end_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._lanes.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            user = await self._welcome(scope)
            client = Client(user.pk)
            self.hub.join(client)
        except VigilError as error:
            await _refuse(send, error)
            return
        watcher = asyncio.create_task(_watch(receive, client))
        try:
            await self._tell(scope, send, client, Follower(user))
        except TimeoutError:
            log.info("stream_too_slow", user_id=user.pk)
        finally:
            self.hub.leave(client)
            watcher.cancel()

    async def _welcome(self, scope: Scope) -> User:
        if scope["method"] != "GET":
            raise MethodNotAllowed
        headers = _headers(scope)
        cookies = parse_cookie(headers.get("cookie", ""))
        try:
            user = await self._lanes.run(
                hash(headers.get("cookie")), partial(user_of_headers, headers, cookies)
            )
        except DatabaseError:
            raise Unavailable(code="database_error", retry_after=5) from None
        if user is None:
            raise Unauthorized
        return user

    async def _tell(self, scope: Scope, send: Send, client: Client, follower: Follower) -> None:
        loop = asyncio.get_running_loop()
        say = partial(_say, send)
        try:
            begin = partial(follower.begin, _since(scope), now=timezone.now())
            first = await self._lanes.run(client.user_id, begin)
            await self._see([client.user_id])
        except DatabaseError:
            await _refuse(send, Unavailable(code="database_error", retry_after=5))
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await say(b"".join(first))
        welcome_until = loop.time() + WELCOME_SECONDS
        while not client.over:
            if loop.time() > welcome_until:
                welcome_until = loop.time() + WELCOME_SECONDS
                await self._check_welcome(scope, client)
            await say(await self._next(client, follower))
        if client.replaced:
            await say(replaced(now=timezone.now()))
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, client: Client, follower: Follower) -> bytes:
        """Wait for something to say; a heartbeat when nothing comes up for long."""
        if not (follower.behind or await _woken(client)):
            return HEARTBEAT
        client.wake.clear()
        if client.over:
            return b""
        try:
            follow = partial(follower.follow, now=timezone.now())
            return b"".join(await self._lanes.run(client.user_id, follow))
        except DatabaseError as error:
            log.warning("stream_without_database", error=type(error).__name__)
            await asyncio.sleep(DATABASE_PAUSE_SECONDS)
            client.wake.set()
            return b""

    async def _check_welcome(self, scope: Scope, client: Client) -> None:
        try:
            user = await self._welcome(scope)
        except Unauthorized:
            client.end()
        except Unavailable:
            return
        else:
            client.over = client.over or user.pk != client.user_id

    async def _rest_forever(self) -> None:
        while True:
            await asyncio.sleep(WELCOME_SECONDS)
            await self._lanes.rest()

    async def _see_forever(self) -> None:
        """Whoever has a stream open is at their inbox: one statement for all of this process."""
        while True:
            await asyncio.sleep(max(1.0, settings.PRESENCE_WINDOW_SECONDS / SIGNS_PER_WINDOW))
            try:
                await self._see(self.hub.user_ids)
            except DatabaseError as error:
                log.warning("presence_without_database", error=type(error).__name__)

    async def _see(self, user_ids: list[int]) -> None:
        await self._lanes.run(0, partial(presence.note, user_ids, now=timezone.now()))

    def _end_streams_first(self) -> None:
        """On SIGINT and SIGTERM: the server waits for open answers, and ours never end."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            following = signal.getsignal(number)
            if callable(following):
                signal.signal(number, _then(loop, self.hub.end_all, following))


def _then(
    loop: asyncio.AbstractEventLoop,
    first: Callable[[], None],
    following: Callable[[int, FrameType | None], Any],
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(first)
        following(number, frame)

    return handle


async def _woken(client: Client) -> bool:
    try:
        async with asyncio.timeout(HEARTBEAT_SECONDS):
            await client.wake.wait()
    except TimeoutError:
        return False
    return True


async def _watch(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end()


async def _say(send: Send, words: bytes) -> None:
    if words:
        async with asyncio.timeout(SEND_SECONDS):
            await send({"type": "http.response.body", "body": words, "more_body": True})


async def _refuse(send: Send, error: VigilError) -> None:
    answer = problem_response(error)
    headers = [(name.lower().encode(), value.encode()) for name, value in answer.items()]
    headers.append((b"content-length", str(len(answer.content)).encode()))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


def _since(scope: Scope) -> Cursor | None:
    """A reconnecting browser says Last-Event-ID, a fresh page `?since=`."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    place = _headers(scope).get("last-event-id") or query.get("since", [""])[0]
    return parse_cursor(place)
