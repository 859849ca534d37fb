import json
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Links,
    OnUnknown,
    Target,
)
from apps.notifications.channels.slack import SlackChannel, payload
from apps.notifications.types import OffReason
from tests.core.http.servers import Handler, answering, dripping, hang, reset, saying
from tests.notifications.channels.hooks import body_of, local, message, send

OK = answering(body=b"ok")


def deliver(settings: Settings, handler: Handler) -> list[bytes]:
    with local(settings, handler) as server:
        settings.SLACK_HOOK_HOSTS = [f"127.0.0.1:{server.port}"]
        send(SlackChannel(), Target(address_id=5, value=f"{server.url}services/T0/B0/x"))
        return server.requests


def failed(settings: Settings, status: str, body: bytes = b"", *lines: str) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        deliver(settings, answering(*lines, status=status, body=body))
    return caught.value


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("403 Forbidden", b"action_prohibited"),
        ("404 Not Found", b"no_service"),
        ("410 Gone", b"channel_is_archived"),
    ],
)
def test_a_hook_that_is_no_more_is_switched_off(
    settings: Settings, status: str, word: bytes
) -> None:
    error = failed(settings, status, word)
    assert (error.permanent, error.off, error.code) == (True, OffReason.GONE, word.decode())


def test_a_payload_that_slack_refuses_is_not_sent_again(settings: Settings) -> None:
    error = failed(settings, "400 Bad Request", b"invalid_payload")
    assert (error.permanent, error.off, error.code) == (True, None, "invalid_payload")


def test_what_is_no_word_of_slack_s_is_not_repeated(settings: Settings) -> None:
    error = failed(settings, "400 Bad Request", b"<b>Please have a look.</b>")
    assert error.code == "http_400"


def test_throttled_it_waits_as_long_as_slack_says(settings: Settings) -> None:
    error = failed(settings, "429 Too Many Requests", b"", "Retry-After: 30")
    assert (error.permanent, error.retry_after, error.fault) == (False, 30, Outcome.THROTTLED)


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "302 Found"])
def test_what_may_pass_is_tried_again(settings: Settings, status: str) -> None:
    assert failed(settings, status).permanent is False


@pytest.mark.parametrize(
    "handler",
    [
        reset,
        hang,
        dripping(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        saying(b"?"),
        answering(body=b"?"),
    ],
    ids=["reset", "hang", "drip", "garbage", "another 200"],
)
def test_without_slack_s_ok_nobody_knows(settings: Settings, handler: Handler) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.3
    with pytest.raises(DeliveryUnclear):
        deliver(settings, handler)
    assert SlackChannel.on_unknown is OnUnknown.HOLD


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/services/T0/B0/x",
        "https://hooks.slack.com.evil.example/services/T0/B0/x",
        "https://hooks.slack.com/elsewhere",
        "http://hooks.slack.com/services/T0/B0/x",
    ],
)
def test_only_slack_is_asked(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        send(SlackChannel(), Target(address_id=5, value=url))
    assert (caught.value.permanent, caught.value.code) == (True, "address_not_allowed")


def test_what_is_posted_is_json_with_text_and_blocks(settings: Settings) -> None:
    posted = body_of(deliver(settings, OK)[0])
    assert posted == payload(message())
    header, section, links = posted["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "Carla: Offer", "emoji": False}
    assert section["text"]["text"] == "Please have a look."
    assert links["text"]["text"] == (
        "<https://vigil.example/inbox/1|Open> · <https://vigil.example/why/1|Why did I get this?>"
    )
    assert posted["text"] == "Carla: Offer\nPlease have a look."


def test_nobody_is_woken_by_a_stranger_s_words() -> None:
    hostile = "<!channel> <@U1> <https://evil.example|Slack> & Co"
    posted = json.dumps(payload(message(title=hostile, body=hostile)))
    assert "<!" not in posted
    assert "<@" not in posted
    assert "<https://evil" not in posted
    assert "&lt;!channel&gt;" in posted


def test_a_link_cannot_end_early() -> None:
    links = Links(open="https://vigil.example/?a=1&b=<2>|3")
    text = payload(message(links=links))["blocks"][-1]["text"]["text"]
    assert text == "<https://vigil.example/?a=1&amp;b=&lt;2&gt;%7C3|Open>"


@pytest.mark.parametrize(
    "told",
    [
        message(title="", body=""),
        message(title="<" * 500, body="&" * 9_000),
        message(title="x" * 500, body="\n".join("é" * 80 for _ in range(4_000))),
        message(body="\n\n\n"),
    ],
    ids=["empty", "all escaped", "very long", "blank lines"],
)
def test_slack_s_limits_are_kept(told: Any) -> None:
    posted = payload(told)
    blocks = posted["blocks"]
    assert 1 <= len(blocks) <= 50
    assert 1 <= len(blocks[0]["text"]["text"]) <= 150
    assert all(1 <= len(block["text"]["text"]) <= 3_000 for block in blocks)
    assert len(posted["text"]) <= 3_000


def test_a_long_digest_breaks_between_lines_and_loses_none() -> None:
    lines = [f"- thing {number} of a long week" for number in range(400)]
    sections = payload(message(body="\n".join(lines)))["blocks"][1:-1]
    assert len(sections) > 1
    assert "\n".join(section["text"]["text"] for section in sections).split("\n") == lines


def test_links_are_not_visited_by_slack() -> None:
    posted = payload(message())
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
