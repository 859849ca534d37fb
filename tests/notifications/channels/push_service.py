"""A push service with its browsers, on a real socket: it checks what RFC 8030 and 8292 ask for, and
decrypts, by another implementation than ours, what a browser would.
"""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone
from pytest_django import Settings

from apps.notifications.channels.base import Target
from tests.core.http.servers import Server, serving

# Of no installation.
VAPID_KEY = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
VAPID_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Browser:
    """One subscription. `inbox` holds what it decrypted, `waiting` what it will once it is back."""

    endpoint: str
    server_key: str
    away: bool = False
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    inbox: list[dict[str, Any]] = field(default_factory=list)
    waiting: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def json(self) -> dict[str, Any]:
        """What `PushSubscription.toJSON()` gives."""
        keys = {"p256dh": text(self.point), "auth": text(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def target(self) -> Target:
        details = {**self.json["keys"], "vapid": self.server_key}
        return Target(address_id=7, value=self.endpoint, details=details)

    def take(self, body: bytes, topic: str) -> None:
        plain = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
        )
        card = json.loads(plain)
        if self.away:
            self.waiting[topic or str(uuid4())] = card
        else:
            self.inbox.append(card)

    def come_back(self) -> None:
        self.away = False
        self.inbox += self.waiting.values()
        self.waiting.clear()


@dataclass(frozen=True)
class Asked:
    """One request: lower-case headers, and the encrypted body."""

    headers: dict[str, str]
    body: bytes
    status: int


class PushService:
    """`answers` are raw answers given first, in turn, without a look at the request."""

    def __init__(self) -> None:
        self.browsers: dict[str, Browser] = {}
        self.asked: list[Asked] = []
        self.answers: list[bytes] = []
        self.most_bytes = 4_096
        self.origin = ""

    def browser(self, server_key: str = VAPID_PUBLIC) -> Browser:
        path = f"/push/{uuid4().hex}"
        self.browsers[path] = Browser(endpoint=f"{self.origin}{path}", server_key=server_key)
        return self.browsers[path]

    def end(self, browser: Browser) -> None:
        """Its person took the permission back: 410 from now on."""
        del self.browsers[browser.endpoint.removeprefix(self.origin)]

    def handle(self, connection: Any, server: Server) -> None:
        while request := server.read_request(connection):
            head, _, body = request.partition(b"\r\n\r\n")
            line, *lines = head.decode().split("\r\n")
            pairs = (one.split(":", 1) for one in lines)
            headers = {name.strip().lower(): value.strip() for name, value in pairs}
            answer = self._answer(line.split()[1], headers, body)
            self.asked.append(Asked(headers, body, int(answer.split()[1])))
            connection.sendall(answer)

    def _answer(self, path: str, headers: dict[str, str], body: bytes) -> bytes:
        if self.answers:
            return self.answers.pop(0)
        browser = self.browsers.get(path)
        if browser is None:
            return answer("410 Gone")
        if not headers.get("ttl", "").isdigit() or headers["content-encoding"] != "aes128gcm":
            return answer("400 Bad Request")
        if len(headers.get("topic", "")) > 32 or headers["urgency"] not in _URGENCIES:
            return answer("400 Bad Request")
        if len(body) > self.most_bytes:
            return answer("413 Payload Too Large")
        if not self._is_authorized(headers.get("authorization", ""), browser):
            return answer("403 Forbidden")
        browser.take(body, headers.get("topic", ""))
        return answer("201 Created", f"Location: {self.origin}/message/secret/m-{len(self.asked)}")

    def _is_authorized(self, header: str, browser: Browser) -> bool:
        """RFC 8292: signed by the key the browser subscribed with, for this origin, for a day."""
        scheme, _, rest = header.partition(" ")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        if scheme != "vapid" or parts.get("k") != browser.server_key:
            return False
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        try:
            claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=self.origin)
        except jwt.InvalidTokenError:
            return False
        latest = (timezone.now() + timedelta(hours=24)).timestamp()
        return claims["exp"] <= latest and claims["sub"].startswith(("mailto:", "https:"))


_URGENCIES = ("very-low", "low", "normal", "high")


def answer(status: str, *lines: str, body: bytes = b"") -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""])
    return head.encode() + body


def allow(settings: Settings, server: Server) -> None:
    """Let this installation push there, as one that is set up for push."""
    settings.VAPID_PRIVATE_KEY = VAPID_KEY
    settings.PUSH_HOSTS = ["127.0.0.1"]
    settings.HTTP_ALLOW_HTTP = True
    settings.HTTP_ALLOW_PRIVATE = [f"127.0.0.1:{server.port}"]


@contextmanager
def push_service(settings: Settings) -> Iterator[PushService]:
    service = PushService()
    with serving(service.handle) as server:
        allow(settings, server)
        service.origin = server.url.rstrip("/")
        yield service
