import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.http import background
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Links,
    OnUnknown,
    Target,
)
from apps.notifications.channels.pacing import Pacer
from apps.notifications.channels.teams import MOST_BYTES, TeamsChannel, card
from apps.notifications.types import OffReason
from tests.core.http.servers import Handler, answering, dripping, hang, reset, saying
from tests.notifications.channels.hooks import body_of, local, message, send

ACCEPTED = answering(status="202 Accepted")
# The vendor's own shape.
SAMPLE = json.loads((Path(__file__).parent / "teams_workflow_message.json").read_text())


def deliver(settings: Settings, handler: Handler, *, times: int = 1) -> list[bytes]:
    channel = TeamsChannel()
    with local(settings, handler) as server:
        settings.TEAMS_HOOK_HOSTS = [f"127.0.0.1:{server.port}"]
        for _ in range(times):
            send(channel, Target(address_id=5, value=f"{server.url}workflows/1?sig=s"))
        return server.requests


def failed(settings: Settings, status: str, *lines: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        deliver(settings, answering(*lines, status=status))
    return caught.value


def texts(body: bytes) -> list[str]:
    return [block["text"] for block in content_of(body)["body"]]


def content_of(body: bytes) -> Any:
    return json.loads(body)["attachments"][0]["content"]


@pytest.mark.parametrize("status", ["401 No", "404 Not Found", "410 Gone"])
def test_a_workflow_that_is_no_more_is_switched_off(settings: Settings, status: str) -> None:
    error = failed(settings, status)
    assert (error.permanent, error.off) == (True, OffReason.GONE)


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "413 Too Large"])
def test_what_the_workflow_refuses_is_not_sent_again(settings: Settings, status: str) -> None:
    error = failed(settings, status)
    assert (error.permanent, error.off) == (True, None)


@pytest.mark.parametrize("status", ["429 Slow", "500 Oops", "503 Busy", "302 Found"])
def test_what_may_pass_is_tried_again(settings: Settings, status: str) -> None:
    error = failed(settings, status, "Retry-After: 9")
    assert (error.permanent, error.retry_after) == (False, 9)


@pytest.mark.parametrize(
    "handler",
    [reset, hang, dripping(b"HTTP/1.1 202 OK\r\n", b"a: b\r\n"), saying(b"?")],
    ids=["reset", "hang", "drip", "garbage"],
)
def test_without_an_answer_nobody_knows(settings: Settings, handler: Handler) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.3
    with pytest.raises(DeliveryUnclear):
        deliver(settings, handler)
    assert TeamsChannel.on_unknown is OnUnknown.HOLD


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/workflows/1",
        "https://logic.azure.com.evil.example/workflows/1",
        "https://evil-logic.azure.com/workflows/1",
        "http://prod-1.westeurope.logic.azure.com/workflows/1",
    ],
)
def test_only_workflows_are_asked(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        send(TeamsChannel(), Target(address_id=5, value=url))
    assert (caught.value.permanent, caught.value.code) == (True, "address_not_allowed")


def test_the_card_has_the_vendor_s_envelope(settings: Settings) -> None:
    posted = body_of(deliver(settings, ACCEPTED)[0])
    sample, ours = SAMPLE["attachments"][0], posted["attachments"][0]
    assert posted["type"] == SAMPLE["type"]
    assert {**ours, "content": None} == {**sample, "content": None}
    for name in ("$schema", "type", "version"):
        assert ours["content"][name] == sample["content"][name]
    assert ours["content"]["body"][0] == {
        **sample["content"]["body"][0],
        "text": "Carla: Offer",
    }
    assert [action["title"] for action in ours["content"]["actions"]] == [
        "Open",
        "Why did I get this?",
    ]


def test_a_stranger_s_words_are_no_markdown() -> None:
    hostile = "[Log in](https://evil.example) **now** <at>All</at> `x`"
    title, line = texts(card(message(title=hostile, body=hostile)))
    assert title == line
    assert "[" not in line.replace("\\[", "")
    assert "(" not in line.replace("\\(", "")
    assert "*" not in line.replace("\\*", "")
    assert "<" not in line.replace("\\<", "")


def test_lines_are_no_lists_and_no_headings() -> None:
    body = "# big\n- thing\n12. dozen\nit costs 1.5 - 2"
    assert texts(card(message(body=body)))[1:] == [
        "\\# big",
        "\\- thing",
        "12\\. dozen",
        "it costs 1.5 - 2",
    ]


@pytest.mark.parametrize(
    "body",
    ["", "é" * 60_000, "\n".join("漢" * 90 for _ in range(500)), "*" * 30_000, "\n" * 50_000],
    ids=["empty", "one line", "many lines", "all escaped", "blank lines"],
)
def test_no_card_is_larger_than_teams_takes(body: str) -> None:
    links = Links(open="https://vigil.example/" + "x" * 1_500)
    assert len(card(message(title="é" * 9_000, body=body, links=links))) <= MOST_BYTES


def test_what_is_left_out_is_shown_to_be() -> None:
    lines = texts(card(message(body="\n".join("é" * 500 for _ in range(100)))))
    assert lines[-1] == "…"
    assert 10 < len(lines) < 100


def test_a_burst_is_spread_to_four_a_second(settings: Settings) -> None:
    begun = time.monotonic()
    assert len(deliver(settings, ACCEPTED, times=5)) == 5
    assert time.monotonic() - begun >= 0.99


def test_who_would_wait_too_long_comes_back_later() -> None:
    pacer = Pacer(per_second=4, longest_seconds=0.3)

    async def burst() -> list[object]:
        return await asyncio.gather(
            *(pacer.wait(1) for _ in range(5)), pacer.wait(2), return_exceptions=True
        )

    *ours, other = background.run(burst(), timeout_seconds=5)
    late = [error for error in ours if isinstance(error, DeliveryError)]
    assert (len(late), other) == (3, None)
    assert {(error.permanent, error.code) for error in late} == {(False, "paced")}
    assert all(error.retry_after and error.retry_after > 0.3 for error in late)
