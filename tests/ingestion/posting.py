"""A sender of webhooks over real HTTP: signs, posts, and says what it was answered."""

import http.client
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.core.signing import Scheme, sign
from apps.ingestion.models import Source
from tests.factories.ingestion import SECRET

Document = dict[str, Any]

NOTE: Document = {"type": "note", "data": {"title": "Hello"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A body with the headers that prove it; posting it twice repeats its id."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`seconds` is how long it took; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: Document
    seconds: float

    @property
    def accepted(self) -> bool:
        return self.status in (200, 202)


def letter(
    source: Source,
    document: Any,
    *,
    message_id: str = "msg_1",
    body: bytes | None = None,
    age_seconds: int = 0,
    secret: str = SECRET,
) -> Letter:
    """`body` as it is, when given; otherwise `document` in JSON."""
    body = json.dumps(document).encode() if body is None else body
    now = timezone.now() - timedelta(seconds=age_seconds)
    headers = sign(Scheme(source.scheme), secret, message_id=message_id, now=now, body=body)
    headers["content-type"] = "application/json"
    return Letter(path=f"/webhooks/{source.slug}", headers=headers, body=body)


def fresh(source: Source, document: Any = NOTE, **values: Any) -> Letter:
    """A letter under an id of its own."""
    return letter(source, document, **{"message_id": f"msg_{uuid.uuid4().hex}", **values})


def post(port: int, sent: Letter, *, method: str = "POST", timeout: float = 15.0) -> Answer:
    """Raises OSError or HTTPException when the connection breaks before an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    started = time.monotonic()
    try:
        connection.request(method, sent.path, body=sent.body, headers=sent.headers)
        response = connection.getresponse()
        content = response.read()
    finally:
        connection.close()
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.getheaders()},
        body=json.loads(content or b"{}"),
        seconds=time.monotonic() - started,
    )


def post_until_accepted(port: int, sent: Letter, *, seconds: float = 30.0) -> list[Answer]:
    """As a patient sender does: again after every refusal and every broken connection."""
    answers: list[Answer] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            answers.append(post(port, sent, timeout=5.0))
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        if answers[-1].accepted:
            return answers
        time.sleep(0.1)
    raise AssertionError(f"never accepted: {[answer.status for answer in answers]}")


def post_once(port: int, sent: Letter) -> Answer | None:
    """As GitHub does: whatever becomes of it, it is not sent again."""
    try:
        return post(port, sent, timeout=5.0)
    except (OSError, http.client.HTTPException):
        return None


def refusal(gate: Callable[..., Answer], sent: Letter, method: str = "POST") -> tuple[int, str]:
    """Status and code; a refusal is problem+json, names its request and never echoes input."""
    answer = gate(sent, method=method)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["status"] == answer.status
    assert answer.body["request_id"] == str(uuid.UUID(answer.body["request_id"]))
    assert "Traceback" not in str(answer.body)
    return answer.status, answer.body["code"]
