"""The stream behind a real server, and a reader of what it says."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from django.test import Client

from apps.accounts.models import User
from apps.notifications.stream import Receive, Send, Stream

PATH = "/api/notifications/stream"
PATIENCE_SECONDS = 5.0
Event = dict[str, Any]


class _App:
    def __init__(self) -> None:
        self.stream = Stream()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self.stream(scope, receive, send)
            return
        await receive()
        self.stream.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stream.stop()
        await send({"type": "lifespan.shutdown.complete"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    port: int
    stream: Stream

    def open_after(self, seconds: float) -> int:
        """How many streams are open, as soon as none is or after so many seconds."""
        until = time.monotonic() + seconds
        while len(self.stream.hub) and time.monotonic() < until:
            time.sleep(0.01)
        return len(self.stream.hub)


@contextmanager
def serving() -> Iterator[Served]:
    """A server of its own."""
    app = _App()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        yield Served(port=server.servers[0].sockets[0].getsockname()[1], stream=app.stream)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS * 2)


def session_of(user: User) -> dict[str, str]:
    """The header a browser of this person would send."""
    client = Client()
    client.force_login(user)
    return {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}


class Listener:
    """One open connection. Reading waits for at most PATIENCE_SECONDS."""

    def __init__(
        self, port: int, headers: dict[str, str], *, path: str = PATH, method: str = "GET"
    ) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        self._connection.request(method, path, headers=headers)
        self.response = self._connection.getresponse()

    def next(self) -> Event:
        """The next event's `id`, `event` and decoded `data`; heartbeats are left out."""
        found: Event = {}
        while "data" not in found:
            found = dict(self._block())
        found["data"] = json.loads(found["data"])
        return found

    def ended(self) -> bool:
        """True when nothing more comes because the server closed it."""
        return self.response.read() == b""

    def close(self) -> None:
        self.response.close()
        self._connection.close()

    def _block(self) -> Iterator[tuple[str, str]]:
        while line := self.response.readline().decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            yield name, value
