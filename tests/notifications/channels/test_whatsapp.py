"""WhatsApp through the vendor's own SDK: templates, and free text while the window is open."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.http import background
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, Message, Receipt, Sent, Target
from apps.notifications.types import OffReason
from tests.notifications.channels.messages import message, target
from tests.notifications.channels.twilio_server import FakeTwilio, problem

WHATSAPP = CHANNELS.get("whatsapp")
TEMPLATE = {
    "content_sid": "HX" + "1" * 32,
    "variables": {"1": "title", "2": "body"},
    "media_url": "",
}


def send(to: Target, one: Message | None = None) -> Receipt:
    return background.run(WHATSAPP.send(one or message(), to, "twilio"), timeout_seconds=20)


def written(ago: timedelta, **details: Any) -> Target:
    """Somebody who wrote to us that long ago."""
    return target(inbound_at=(datetime.now(UTC) - ago).isoformat(), **details)


@pytest.mark.parametrize("to", [target(), written(timedelta(hours=24))], ids=["never", "long ago"])
def test_free_text_to_who_did_not_write_is_not_even_tried(twilio: FakeTwilio, to: Target) -> None:
    with pytest.raises(DeliveryError) as caught:
        send(to)
    error = caught.value
    assert (error.permanent, error.off, error.code) == (True, None, "window_closed")
    assert twilio.forms == []


@pytest.mark.parametrize(
    ("code", "off", "word"),
    [
        (63016, None, "window_closed"),
        (63003, OffReason.INVALID, "twilio_63003"),
        (63024, OffReason.INVALID, "twilio_63024"),
        (63033, OffReason.UNSUBSCRIBED, "twilio_63033"),
    ],
)
def test_what_whatsapp_refuses_for_good_ends_it(
    twilio: FakeTwilio, code: int, off: OffReason | None, word: str
) -> None:
    twilio.refuse = [problem(400, code)]
    with pytest.raises(DeliveryError) as caught:
        send(written(timedelta(hours=1)))
    assert (caught.value.permanent, caught.value.off, caught.value.code) == (True, off, word)


def test_who_wrote_today_is_sent_free_text(twilio: FakeTwilio) -> None:
    receipt = send(written(timedelta(hours=23), template=TEMPLATE))
    [form] = twilio.forms
    assert form["To"] == ["whatsapp:+4915123456789"]
    assert form["From"] == ["whatsapp:+14155238886"]
    assert form["Body"] == ["Carla: Offer\n\nPlease have a look.\n\nhttps://vigil.example/n/1"]
    assert "ContentSid" not in form
    assert (receipt.parts, receipt.cost_micros) == (1, 150_000)


def test_anybody_else_is_sent_the_approved_template(twilio: FakeTwilio) -> None:
    send(target(template=TEMPLATE), message(body="Two\nlines    of it\t", title=""))
    [form] = twilio.forms
    assert form["ContentSid"] == [TEMPLATE["content_sid"]]
    assert json.loads(form["ContentVariables"][0]) == {"1": "-", "2": "Two lines of it"}
    assert "Body" not in form


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://vigil.example/bell.png", ["https://vigil.example/bell.png"]),
        ("http://vigil.example/bell.png", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_a_picture_is_sent_by_https_only(
    twilio: FakeTwilio, url: str, sent: list[str] | None
) -> None:
    send(written(timedelta(hours=1), template={**TEMPLATE, "media_url": url}))
    assert twilio.forms[0].get("MediaUrl") == sent


def test_a_template_message_is_found_by_what_filled_it(twilio: FakeTwilio) -> None:
    started, one, to = datetime.now(UTC), message(), target(template=TEMPLATE)
    sent = send(to, one)
    twilio.messages[0]["body"] = "News from Vigil: Carla: Offer. Please have a look. Bye!"
    asked = Sent(ref=one.ref, started_at=started, message=one)
    assert background.run(WHATSAPP.look_up(asked, to, "twilio"), timeout_seconds=20) == sent


def test_free_text_is_found_though_its_window_closed_since(twilio: FakeTwilio) -> None:
    started, one = datetime.now(UTC), message()
    sent = send(written(timedelta(hours=1)), one)
    asked = Sent(ref=one.ref, started_at=started, message=one)
    assert background.run(WHATSAPP.look_up(asked, target(), "twilio"), timeout_seconds=20) == sent


def test_a_message_that_nobody_knows_of_was_not_sent(twilio: FakeTwilio) -> None:
    one = message()
    twilio.add({"To": ["whatsapp:+4915123456789"], "Body": ["Something else"]})
    asked = Sent(ref=one.ref, started_at=datetime.now(UTC), message=one)
    assert background.run(WHATSAPP.look_up(asked, target(), "twilio"), timeout_seconds=20) is None
