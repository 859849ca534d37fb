"""SendGrid on a local port, with the shapes of its v3 API, or ill."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pytest_django import Settings

from tests.core.http.servers import Handler, Server, answering, serving

MESSAGE_ID = "LRzXl_NHStOGhQ4kofSm_A"
ACCEPTED = answering(f"X-Message-Id: {MESSAGE_ID}", status="202 Accepted")


def complaining(field: str | None, status: str = "400 Bad Request", *lines: str) -> Handler:
    error = {"message": "This is not valid.", "field": field, "help": "http://sendgrid.example"}
    return answering(*lines, body=json.dumps({"errors": [error]}).encode(), status=status)


@contextmanager
def sendgrid(settings: Settings, handler: Handler = ACCEPTED) -> Iterator[Server]:
    with serving(handler) as server:
        settings.SMTP_FROM_EMAIL = "news@vigil.example"
        settings.SENDGRID_API_KEY = "SG.secret"
        settings.SENDGRID_HOST = f"http://127.0.0.1:{server.port}"
        settings.HTTP_ALLOW_PRIVATE = [f"127.0.0.1:{server.port}"]
        settings.HTTP_ALLOW_HTTP = True
        yield server


def posted(server: Server) -> tuple[str, dict[str, Any]]:
    """Head and document of the one request that came."""
    [raw] = server.requests
    head, _, body = raw.partition(b"\r\n\r\n")
    return head.decode(), json.loads(body)
