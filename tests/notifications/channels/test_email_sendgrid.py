"""Mail through SendGrid: the vendor's SDK against a local server with the vendor's answers."""

import logging
import time

import pytest
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear
from apps.notifications.types import OffReason
from tests.core.http.servers import Handler, answering, dripping, hang, reset, saying
from tests.notifications.channels.letters import KEY, REF, send
from tests.notifications.channels.sendgrid_server import MESSAGE_ID, complaining, posted, sendgrid


def refused(settings: Settings, handler: Handler) -> DeliveryError:
    with sendgrid(settings, handler), pytest.raises(DeliveryError) as caught:
        send("sendgrid:main")
    return caught.value


@pytest.mark.parametrize(
    ("handler", "permanent", "off", "fault"),
    [
        (
            complaining("personalizations.0.to.0.email"),
            True,
            OffReason.INVALID,
            Outcome.CLIENT_ERROR,
        ),
        (complaining("subject"), True, None, Outcome.CLIENT_ERROR),
        (complaining(None, "413 Payload Too Large"), True, None, Outcome.CLIENT_ERROR),
        (complaining(None, "401 Unauthorized"), False, None, Outcome.SERVER_ERROR),
        (complaining(None, "403 Forbidden"), False, None, Outcome.SERVER_ERROR),
        (complaining(None, "500 Internal Server Error"), False, None, Outcome.SERVER_ERROR),
        (complaining(None, "503 Service Unavailable"), False, None, Outcome.SERVER_ERROR),
        (answering(body=b"<html>", status="400 Bad Request"), True, None, Outcome.CLIENT_ERROR),
        (answering(body=b"[1, {", status="400 Bad Request"), True, None, Outcome.CLIENT_ERROR),
    ],
)
def test_each_refusal_means_what_it_means(
    settings: Settings, handler: Handler, permanent: bool, off: OffReason | None, fault: Outcome
) -> None:
    error = refused(settings, handler)
    assert (error.permanent, error.off, error.fault) == (permanent, off, fault)


def test_a_throttled_request_says_when_to_come_back(settings: Settings) -> None:
    error = refused(settings, complaining(None, "429 Too Many Requests", "Retry-After: 7"))
    assert (error.permanent, error.retry_after, error.fault) == (False, 7.0, Outcome.THROTTLED)


def test_a_redirect_is_not_followed_with_the_key(settings: Settings) -> None:
    handler = answering("Location: http://127.0.0.1:1/", status="302 Found")
    with sendgrid(settings, handler) as server, pytest.raises(DeliveryError) as caught:
        send("sendgrid:main")
    assert not caught.value.permanent
    assert len(server.requests) == 1


@pytest.mark.parametrize("start", [b"HTTP/1.1 202 Accepted\r\nX-Drip: ", b"HTTP/1.1 "])
def test_a_dripping_answer_is_cut_off_and_nobody_knows(settings: Settings, start: bytes) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    began = time.monotonic()
    with sendgrid(settings, dripping(start, b"a")), pytest.raises(DeliveryUnclear):
        send("sendgrid:main")
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize("handler", [hang, reset, saying(b"garbage\r\n\r\n")])
def test_without_an_answer_nobody_knows(settings: Settings, handler: Handler) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    with sendgrid(settings, handler), pytest.raises(DeliveryUnclear):
        send("sendgrid:main")


def test_nobody_listening_is_later(settings: Settings) -> None:
    with sendgrid(settings):
        pass
    with pytest.raises(DeliveryError) as caught:
        send("sendgrid:main")
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.CONNECT)


def test_the_request_carries_the_ref_and_a_fixed_message_id(settings: Settings) -> None:
    with sendgrid(settings) as server:
        receipt = send("sendgrid:main")
    head, mail = posted(server)
    assert head.startswith("POST /v3/mail/send HTTP/1.1")
    assert "Authorization: Bearer SG.secret" in head
    assert mail["custom_args"] == {"ref": str(REF)}
    assert mail["headers"]["Message-ID"] == f"<{KEY.hex}.12@vigil.example>"
    assert mail["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]
    assert receipt.provider_message_id == MESSAGE_ID


def test_sendgrids_own_tracking_is_off(settings: Settings) -> None:
    with sendgrid(settings) as server:
        send("sendgrid:main")
    tracking = posted(server)[1]["tracking_settings"]
    assert {name: kind["enable"] for name, kind in tracking.items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
    }


def test_an_answer_may_lack_the_message_id(settings: Settings) -> None:
    with sendgrid(settings, answering(status="202 Accepted")):
        assert send("sendgrid:main").provider_message_id == ""


def test_nothing_of_key_address_or_mail_is_logged(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), sendgrid(settings):
        send("sendgrid:main")
    assert [word for word in ("SG.secret", "boris@", "Offer") if word in caplog.text] == []
