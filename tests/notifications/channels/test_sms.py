"""SMS through the vendor's own SDK against a local server with its shapes, unhappy ways first."""

import socket
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.core.http import background
from apps.core.identifiers import uuid7
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    Links,
    Message,
    OnUnknown,
    Receipt,
    Sent,
)
from apps.notifications.types import OffReason
from tests.notifications.channels.messages import message, target
from tests.notifications.channels.twilio_server import ACCOUNT, TOKEN, FakeTwilio, problem

SMS = CHANNELS.get("sms")
NUMBER = "+4915123456789"


def send(one: Message | None = None, number: str = NUMBER) -> Receipt:
    return background.run(SMS.send(one or message(), target(number), "twilio"), timeout_seconds=20)


def look_up(one: Message, started_at: datetime) -> Receipt | None:
    sent = Sent(ref=one.ref, started_at=started_at, message=one)
    return background.run(SMS.look_up(sent, target(), "twilio"), timeout_seconds=20)


def hang(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.settimeout(5)
    handler.connection.recv(1)


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.connection.settimeout(0.05)
        try:
            if not handler.connection.recv(1):
                return
        except TimeoutError:
            continue


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def say(raw: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(raw)

    return answer


@pytest.mark.parametrize(
    ("status", "code", "off"),
    [
        (400, 21211, OffReason.INVALID),
        (400, 21614, OffReason.INVALID),
        (400, 21610, OffReason.UNSUBSCRIBED),
        (401, 20003, None),
        (400, 21408, None),
        (400, 21606, None),
    ],
)
def test_what_twilio_refuses_for_good_ends_it(
    twilio: FakeTwilio, status: int, code: int, off: OffReason | None
) -> None:
    twilio.refuse = [problem(status, code)]
    with pytest.raises(DeliveryError) as caught:
        send()
    error = caught.value
    assert (error.permanent, error.off, error.code) == (True, off, f"twilio_{code}")
    assert error.fault is Outcome.CLIENT_ERROR
    assert "+1500" not in error.detail


def test_too_many_at_once_are_told_when_to_come_again(twilio: FakeTwilio) -> None:
    twilio.refuse = [problem(429, 20429, Retry_After="7")]
    with pytest.raises(DeliveryError) as caught:
        send()
    error = caught.value
    assert (error.permanent, error.retry_after, error.fault) == (False, 7, Outcome.THROTTLED)


def test_a_full_queue_at_twilio_is_no_fault_of_the_message(twilio: FakeTwilio) -> None:
    twilio.refuse = [problem(400, 21611)]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.THROTTLED)


def test_a_failure_of_twilios_may_have_sent_it_all_the_same(twilio: FakeTwilio) -> None:
    twilio.refuse = [problem(500, 20500)]
    with pytest.raises(DeliveryUnclear) as caught:
        send()
    assert caught.value.fault is Outcome.SERVER_ERROR


def test_what_is_not_available_did_not_take_it(twilio: FakeTwilio) -> None:
    twilio.refuse = [problem(503, 20503)]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.SERVER_ERROR)


def test_a_redirect_is_not_followed(twilio: FakeTwilio) -> None:
    twilio.refuse = [(307, {"Location": twilio.url + "/elsewhere"}, b"")]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.permanent, len(twilio.forms)) == (False, 1)


@pytest.mark.parametrize("wrong", [hang, drip, reset], ids=["hang", "drip", "reset"])
def test_who_breaks_off_after_the_request_may_have_taken_it(
    twilio: FakeTwilio, settings: Settings, wrong: Callable[[Any], None]
) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.4
    twilio.wrong = wrong
    with pytest.raises(DeliveryUnclear):
        send()


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"sid": 7}', b"\xff", b""])
def test_a_success_that_cannot_be_read_is_unclear(twilio: FakeTwilio, body: bytes) -> None:
    twilio.refuse = [(201, {}, body)]
    with pytest.raises(DeliveryUnclear) as caught:
        send()
    assert caught.value.code == "unreadable_answer"


@pytest.mark.parametrize("body", [b"<html>", b"[1]", b'{"code": "21211"}', b"[" * 100_000])
def test_a_refusal_that_cannot_be_read_counts_by_its_status(
    twilio: FakeTwilio, body: bytes
) -> None:
    twilio.refuse = [(400, {}, body)]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.permanent, caught.value.off, caught.value.code) == (True, None, "http_400")


def test_garbage_instead_of_http_is_unclear(twilio: FakeTwilio) -> None:
    twilio.wrong = say(b"\x00\x01 nonsense\r\n\r\n")
    with pytest.raises(DeliveryUnclear):
        send()


def test_nobody_there_was_surely_told_nothing(twilio: FakeTwilio, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.TWILIO_API_URL = f"http://127.0.0.1:{port}"
    settings.HTTP_ALLOW_PRIVATE = [f"127.0.0.1:{port}"]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.CONNECT)


def test_a_message_carries_its_ref_and_comes_back_with_what_it_costs(twilio: FakeTwilio) -> None:
    one = message(body="x" * 200)
    receipt = send(one)
    [form] = twilio.forms
    assert form["To"] == [NUMBER]
    assert form["From"] == ["+15005550006"]
    assert form["StatusCallback"] == [f"https://vigil.example/callbacks/twilio/{one.ref}"]
    assert form["Body"] == ["Carla: Offer\n" + "x" * 200 + "\nhttps://vigil.example/n/1"]
    assert receipt.provider_message_id == "SM" + "0" * 32
    assert (receipt.parts, receipt.cost_micros) == (1, 120_000)
    assert twilio.authorizations == {f"{ACCOUNT}:{TOKEN}"}


def test_a_messaging_service_counts_no_parts_so_they_are_ours(
    twilio: FakeTwilio, settings: Settings
) -> None:
    settings.TWILIO_SMS_FROM = "MG" + "0" * 32
    twilio.refuse = [(201, {}, b'{"sid": "SM1", "status": "accepted", "num_segments": "0"}')]
    receipt = send(message(body="x" * 200))
    assert (receipt.parts, receipt.cost_micros) == (2, 240_000)
    assert twilio.forms[0]["MessagingServiceSid"] == [settings.TWILIO_SMS_FROM]
    assert "From" not in twilio.forms[0]


def test_a_message_that_failed_at_once_says_why(twilio: FakeTwilio) -> None:
    twilio.refuse = [(201, {}, b'{"sid": "SM1", "status": "failed", "error_code": 30006}')]
    with pytest.raises(DeliveryError) as caught:
        send()
    assert (caught.value.off, caught.value.code) == (OffReason.INVALID, "twilio_30006")


def test_a_developers_machine_is_given_no_callback(twilio: FakeTwilio, settings: Settings) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    send()
    assert "StatusCallback" not in twilio.forms[0]


def test_what_it_costs_at_most_is_known_before(settings: Settings) -> None:
    settings.SMS_PRICES_MICROS = {"1": 10, "49": 30, "4915": 50, "*": 99}
    long = message(body="x" * 200)
    prices = [SMS.price_micros(long, target(number)) for number in (NUMBER, "+4930", "+33", "+1")]
    assert prices == [100, 60, 198, 20]


@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SMS_FROM"])
def test_without_an_account_there_is_no_channel(
    twilio: FakeTwilio, settings: Settings, missing: str
) -> None:
    assert SMS.providers(target()) == (f"twilio:{ACCOUNT}",)
    setattr(settings, missing, "")
    assert SMS.providers(target()) == ()


def test_what_nobody_knows_is_looked_up_after_a_while() -> None:
    assert (SMS.on_unknown, SMS.grace_seconds) == (OnUnknown.RECONCILE, 90)
    assert (SMS.metered, SMS.needs_verification, SMS.needs_consent) == (True, True, True)


def test_a_message_that_was_taken_is_found_again(twilio: FakeTwilio) -> None:
    started, one = datetime.now(UTC), message()
    sent = send(one)
    for number in range(70):
        twilio.add({"To": [NUMBER], "Body": [f"another {number}"]})
    assert look_up(one, started) == sent
    assert len(twilio.queries) == 2
    assert twilio.queries[0]["To"] == [NUMBER]


def test_the_same_words_of_another_day_are_another_message(twilio: FakeTwilio) -> None:
    one, now = message(), datetime.now(UTC)
    send(one)
    body = twilio.messages[0]["body"]
    twilio.messages.clear()
    twilio.add({"To": [NUMBER], "Body": [body]}, at=now - timedelta(minutes=5))
    assert look_up(one, now) is None


def test_the_same_words_that_were_not_sent_count_for_nothing(twilio: FakeTwilio) -> None:
    started, one = datetime.now(UTC), message()
    send(one)
    twilio.messages[0]["status"] = "undelivered"
    assert look_up(one, started) is None


def test_a_trial_accounts_message_is_found_behind_twilios_own_line(twilio: FakeTwilio) -> None:
    started, one = datetime.now(UTC), message()
    sent = send(one)
    twilio.messages[0]["body"] = (
        "Sent from your Twilio trial account - " + (twilio.messages[0]["body"])
    )
    assert look_up(one, started) == sent


def test_a_message_is_found_by_its_link_though_its_words_are_others_now(
    twilio: FakeTwilio,
) -> None:
    started, key = datetime.now(UTC), uuid7()
    links = Links(open=f"https://vigil.example/inbox/{key}/")
    sent = send(message(key=key, links=links, title="In the words of a template"))
    assert look_up(message(key=key, links=links), started) == sent
    assert look_up(message(links=Links(open="https://vigil.example/inbox/1/")), started) is None


def test_a_look_up_that_is_not_answered_is_repeated(twilio: FakeTwilio, settings: Settings) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.3
    twilio.wrong = hang
    with pytest.raises(DeliveryError) as caught:
        look_up(message(), datetime.now(UTC))
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.TIMEOUT)


@pytest.mark.parametrize("answer", [(500, {}, b""), (200, {}, b"<html>"), (200, {}, b"{}")])
def test_a_look_up_that_fails_or_cannot_be_read_is_repeated(
    twilio: FakeTwilio, answer: tuple[int, dict[str, str], bytes]
) -> None:
    twilio.refuse = [answer]
    with pytest.raises(DeliveryError) as caught:
        look_up(message(), datetime.now(UTC))
    assert not caught.value.permanent


def test_more_messages_than_are_looked_through_tell_nothing(twilio: FakeTwilio) -> None:
    for number in range(201):
        twilio.add({"To": [NUMBER], "Body": [f"another {number}"]})
    with pytest.raises(DeliveryUnclear):
        look_up(message(), datetime.now(UTC) - timedelta(minutes=1))


def test_a_page_elsewhere_is_not_given_the_token(twilio: FakeTwilio) -> None:
    body = b'{"meta": {"key": "m", "next_page_url": "https://evil.example/x"}, "m": []}'
    twilio.refuse = [(200, {}, body)]
    with pytest.raises(DeliveryError):
        look_up(message(), datetime.now(UTC))
