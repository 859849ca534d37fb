"""What the tests of channels that post to a URL share: a message, a target, a real server."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pytest_django import Settings

from apps.core.http import background
from apps.notifications.channels.base import Channel, Links, Message, Receipt, Target
from tests.core.http.servers import Handler, Server, serving

AT = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
KEY = UUID("0195a000-0000-7000-8000-000000000001")
REF = UUID("0195a000-0000-7000-8000-000000000002")


def message(**values: Any) -> Message:
    return Message(
        **{
            "ref": REF,
            "key": KEY,
            "business_id": 1,
            "user_id": 2,
            "title": "Carla: Offer",
            "body": "Please have a look.",
            "category": "message",
            "priority": 7,
            "correlation_id": UUID(int=3),
            "created_at": AT,
            "expires_at": AT + timedelta(days=7),
            "links": Links(open="https://vigil.example/inbox/1", why="https://vigil.example/why/1"),
            **values,
        }
    )


def send(channel: Channel, target: Target, told: Message | None = None) -> Receipt:
    provider = next(iter(channel.providers(target)), "")
    sent = channel.send(told or message(), target, provider)
    return background.run(sent, timeout_seconds=10)


@contextmanager
def local(settings: Settings, handler: Handler) -> Iterator[Server]:
    """A server that the HTTP client and both vendors' channels may reach."""
    with serving(handler) as server:
        host = f"127.0.0.1:{server.port}"
        settings.HTTP_ALLOW_PRIVATE, settings.HTTP_ALLOW_HTTP = [host], True
        yield server


def body_of(raw: bytes) -> Any:
    return json.loads(raw.partition(b"\r\n\r\n")[2])


def headers_of(raw: bytes) -> dict[str, str]:
    lines = raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
