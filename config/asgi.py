"""One ASGI application: the door and the live stream natively, all the rest of Django under WSGI.

Django's own ASGI handler costs 1.2–5 ms a request, WSGI in a thread 0.2–0.6 ms, a native lane
0.03 ms (docs/adr/0003).
"""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware

import config.celery  # noqa: F401  # hints need the configured Celery application
from config.env import env
from config.wsgi import application as django

from apps.ingestion.door import Door  # isort: skip  # after Django has been set up
from apps.notifications.stream import Stream  # isort: skip

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

door = Door()
stream = Stream()
# a2wsgi types ASGI messages more narrowly than the servers that send them.
rest: Any = WSGIMiddleware(cast("Any", django), workers=env.int("WEB_THREADS", default=8))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and f"{scope['path']}/".startswith("/webhooks/"):
        await door(scope, receive, send)
    elif scope["type"] == "http" and scope["path"] == "/api/notifications/stream":
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await rest(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1008})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            # What was imported lives as long as the process: the collector may pass it over.
            gc.collect()
            gc.freeze()
            await door.start()
            stream.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await stream.stop()
            await door.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
