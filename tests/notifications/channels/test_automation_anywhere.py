"""Against a local control room that logs in, deploys, and has its bad days."""

import base64
import json
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.automation_anywhere import BotChannel, EmailBot, TeamsBot
from apps.notifications.channels.base import (
    NOWHERE,
    DeliveryError,
    DeliveryUnclear,
    OnUnknown,
    Receipt,
)
from tests.core.http.servers import Server
from tests.notifications.channels.hooks import KEY, REF, body_of, headers_of, local, message, send

DEPLOYMENT = "550e8400-e29b-41d4-a716-446655440000"


def token(ends_in_seconds: float) -> str:
    claims = json.dumps({"exp": int(time.time() + ends_in_seconds)}).encode()
    return f"h.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.s"


@dataclass
class ControlRoom:
    """`logins` and `deployments` are answers in their order; the last one repeats."""

    logins: list[tuple[str, Any]] = field(default_factory=lambda: [("200 OK", {})])
    deployments: list[tuple[str, Any]] = field(default_factory=lambda: [("200 OK", {})])
    seen: list[bytes] = field(default_factory=list)

    def handle(self, connection: socket.socket, server: Server) -> None:
        while raw := server.read_request(connection):
            self.seen.append(raw)
            answers = self.logins if b"/authentication " in raw else self.deployments
            status, answer = answers.pop(0) if len(answers) > 1 else answers[0]
            if status == "hang":
                server.stopping.wait(10)
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            head = f"HTTP/1.1 {status}\r\nRetry-After: 7\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)

    def paths(self) -> list[str]:
        return [raw.split(b" ")[1].decode() for raw in self.seen]


@pytest.fixture
def room(settings: Settings) -> Iterator[ControlRoom]:
    settings.AA_USERNAME, settings.AA_API_KEY = "u", "k"
    settings.AA_EMAIL_BOT_ID, settings.AA_TEAMS_BOT_ID = 87, 88
    settings.AA_RUN_AS_USER_IDS = [3]
    control_room = ControlRoom(
        logins=[("200 OK", {"token": token(3_600)})],
        deployments=[("200 OK", {"deploymentId": DEPLOYMENT})],
    )
    with local(settings, control_room.handle) as server:
        settings.AA_CONTROL_ROOM_URL = server.url
        yield control_room


def deliver(channel: BotChannel | None = None) -> Receipt:
    return send(channel or EmailBot(), NOWHERE)


@pytest.mark.parametrize("name", ["AA_CONTROL_ROOM_URL", "AA_USERNAME", "AA_EMAIL_BOT_ID"])
def test_half_a_set_up_is_none(room: ControlRoom, settings: Settings, name: str) -> None:
    setattr(settings, name, 0 if name.endswith("ID") else "")
    assert EmailBot().providers(NOWHERE) == ()
    with pytest.raises(DeliveryError) as caught:
        deliver()
    assert (caught.value.permanent, caught.value.code) == (True, "not_set_up")
    assert room.seen == []


@pytest.mark.parametrize(
    "answer",
    [
        ("401 Unauthorized", {"code": "user.credentials.invalid"}),
        ("500 Oops", b""),
        ("302 Found", b""),
        ("200 OK", {}),
        ("200 OK", {"token": 7}),
        ("200 OK", {"token": "a\r\nx: b"}),
        ("200 OK", b"<html>"),
        ("200 OK", b"[" * 30_000),
    ],
    ids=["refused", "error", "redirect", "none", "number", "injection", "garbage", "deep"],
)
def test_without_a_log_in_nothing_is_deployed(room: ControlRoom, answer: tuple[str, Any]) -> None:
    room.logins = [answer]
    with pytest.raises(DeliveryError) as caught:
        deliver()
    assert caught.value.permanent is False
    assert room.paths() == ["/v2/authentication"]


def test_a_log_in_that_hangs_is_surely_not_delivered(room: ControlRoom, settings: Settings) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    room.logins = [("hang", b"")]
    with pytest.raises(DeliveryError) as caught:
        deliver()
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.TIMEOUT)


def test_a_deployment_that_hangs_is_unclear_and_held(room: ControlRoom, settings: Settings) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    room.deployments = [("hang", b"")]
    with pytest.raises(DeliveryUnclear) as caught:
        deliver()
    assert caught.value.fault is Outcome.TIMEOUT
    assert EmailBot.on_unknown is OnUnknown.HOLD


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"deploymentId": 5}'])
def test_taken_without_an_id_is_unclear(room: ControlRoom, body: bytes) -> None:
    room.deployments = [("200 OK", body)]
    with pytest.raises(DeliveryUnclear):
        deliver()


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        ("400 Bad Request", True),
        ("404 Not Found", True),
        ("403 Forbidden", False),
        ("429 Slow", False),
        ("500 Oops", False),
        ("302 Found", False),
    ],
)
def test_refusals_for_good_and_for_now(room: ControlRoom, status: str, *, permanent: bool) -> None:
    room.deployments = [(status, {"code": "no"})]
    with pytest.raises(DeliveryError) as caught:
        deliver()
    assert (caught.value.permanent, caught.value.off) == (permanent, None)


def test_a_token_that_was_withdrawn_is_asked_for_once_more(room: ControlRoom) -> None:
    room.deployments = [("401 No", b""), ("200 OK", {"deploymentId": DEPLOYMENT})]
    assert deliver().provider_message_id == DEPLOYMENT
    assert room.paths() == ["/v2/authentication", "/v3/automations/deploy"] * 2


def test_a_token_that_is_never_good_is_no_loop(room: ControlRoom) -> None:
    room.deployments = [("401 No", b"")]
    with pytest.raises(DeliveryError) as caught:
        deliver()
    assert caught.value.permanent is False
    assert len(room.seen) == 4


def test_one_log_in_serves_many_messages(room: ControlRoom) -> None:
    channel = EmailBot()
    for _ in range(3):
        deliver(channel)
    assert room.paths().count("/v2/authentication") == 1


@pytest.mark.parametrize("old", [token(20), token(-5)], ids=["ends soon", "has ended"])
def test_a_token_is_not_used_past_its_end(room: ControlRoom, old: str) -> None:
    room.logins = [("200 OK", {"token": old})]
    channel = EmailBot()
    deliver(channel)
    deliver(channel)
    assert room.paths().count("/v2/authentication") == 2


@pytest.mark.parametrize("opaque", ["opaque", "a.b.c", "a.!!.c", "a.W10.c"])
def test_a_token_that_does_not_say_its_end_is_kept_for_a_while(
    room: ControlRoom, opaque: str
) -> None:
    room.logins = [("200 OK", {"token": opaque})]
    channel = EmailBot()
    deliver(channel)
    deliver(channel)
    assert room.paths().count("/v2/authentication") == 1


def test_the_log_in_has_the_vendor_s_shape(room: ControlRoom, settings: Settings) -> None:
    deliver()
    assert body_of(room.seen[0]) == {"username": "u", "apiKey": "k", "multipleLogin": False}
    settings.AA_API_KEY, settings.AA_PASSWORD = "", "p"
    deliver()
    assert body_of(room.seen[2]) == {"username": "u", "password": "p", "multipleLogin": False}


def test_version_three_has_the_vendor_s_shape(room: ControlRoom) -> None:
    deliver()
    order = body_of(room.seen[1])
    assert headers_of(room.seen[1])["x-authorization"].startswith("h.")
    given = order.pop("botInput")
    assert order == {
        "fileId": 87,
        "runAsUserIds": [3],
        "poolIds": [],
        "overrideDefaultDevice": False,
    }
    assert given["sTitle"] == {"type": "STRING", "string": "Carla: Offer"}
    assert {name: value["string"] for name, value in given.items()} == {
        "sChannel": "email",
        "sKey": str(KEY),
        "sTitle": "Carla: Offer",
        "sBody": "Please have a look.",
        "sCategory": "message",
        "sPriority": "7",
        "sLink": "https://vigil.example/inbox/1",
    }


def test_version_four_has_the_vendor_s_shape(room: ControlRoom, settings: Settings) -> None:
    settings.AA_DEPLOY_VERSION = "v4"
    assert deliver(TeamsBot()).provider_message_id == DEPLOYMENT
    assert room.paths()[1] == "/v4/automations/deploy"
    order = body_of(room.seen[1])
    assert order.pop("botInput")["sChannel"]["string"] == "teams"
    assert order == {
        "botId": 88,
        "automationName": f"Vigil {REF}",
        "automationPriority": "PRIORITY_MEDIUM",
        "unattendedRequest": {"runAsUserIds": [3], "poolIds": []},
    }


def test_another_path_is_a_setting(room: ControlRoom, settings: Settings) -> None:
    settings.AA_AUTH_PATH, settings.AA_DEPLOY_PATH = "/v1/authentication", "/v9/deploy"
    deliver()
    assert room.paths() == ["/v1/authentication", "/v9/deploy"]


def test_a_title_is_one_line_there(room: ControlRoom) -> None:
    channel = EmailBot()
    send(channel, NOWHERE, message(title="Hello\r\nBcc: all@example.com\u202e"))
    title = body_of(room.seen[1])["botInput"]["sTitle"]["string"]
    assert title == "Hello Bcc: all@example.com"


def test_it_reaches_no_address_and_has_one_provider(room: ControlRoom) -> None:
    assert EmailBot.addressed is False
    assert EmailBot().providers(NOWHERE) == ("automation_anywhere:127.0.0.1",)
    assert message().key == KEY
