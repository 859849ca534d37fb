"""Twilio's calls: signed or refused, once and never backwards, STOP and START obeyed."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from apps.accounts.models import Business, User
from apps.core.identifiers import uuid7
from apps.notifications.channels.twilio.signatures import is_genuine
from apps.notifications.models import Address, Delivery, DeliveryAttempt, InboundText
from apps.notifications.types import OffReason, ReportKind
from tests import factories
from tests.notifications.channels.twilio_server import FakeTwilio
from tests.notifications.twilio_settings import PUBLIC_URL, TOKEN

pytestmark = pytest.mark.django_db

INBOUND = "/callbacks/twilio/inbound"
NUMBER = "+4915123456789"
FORM = "application/x-www-form-urlencoded"
VECTORS = Path(__file__).parents[3] / "fixtures" / "signatures" / "twilio.json"
State = Address.State


@pytest.fixture(autouse=True)
def account(twilio: FakeTwilio) -> None:
    """The account's token and our address."""


@pytest.fixture
def phone(ana: User) -> Address:
    return factories.make_address(user=ana, channel="sms", value=NUMBER)


@pytest.fixture
def attempt(northwind: Business, ana: User, phone: Address) -> DeliveryAttempt:
    event = factories.make_event(business=northwind, user=ana)
    delivery = factories.make_delivery(
        notification=factories.make_notification(event=event, user=ana),
        channel="sms",
        state=Delivery.State.DELIVERED,
        address=phone,
        attempt_count=1,
    )
    outcome = DeliveryAttempt.Outcome.DELIVERED
    return factories.make_attempt(delivery=delivery, outcome=outcome, provider_message_id="SM1")


def call(
    path: str, form: Mapping[str, str], *, signature: str | None = None, token: str = TOKEN
) -> Any:
    signed = RequestValidator(token).compute_signature(PUBLIC_URL + path, form)
    return Client().post(
        path,
        urlencode(form),
        content_type=FORM,
        headers={"X-Twilio-Signature": signed if signature is None else signature},
    )


def report(ref: UUID, status: str, **values: str) -> HttpResponse:
    form = {"MessageSid": "SM1", "MessageStatus": status, "To": NUMBER, **values}
    answer: HttpResponse = call(f"/callbacks/twilio/{ref}", form)
    return answer


def text(body: str, *, sender: str = NUMBER, sid: str = "", **values: str) -> Any:
    form = {"MessageSid": sid or f"SM{uuid7().hex}", "From": sender, "Body": body, **values}
    return call(INBOUND, form)


def word_of(attempt: DeliveryAttempt) -> str:
    attempt.refresh_from_db()
    return attempt.report


# What is not Twilio's


@pytest.mark.parametrize(
    "signature", ["", "abc", "é" * 28, "x" * 10_000, "RSOYDt4T1cUTdK1PDd93/VVr8B8="]
)
@pytest.mark.parametrize("path", [INBOUND, f"/callbacks/twilio/{uuid7()}"])
def test_what_twilio_did_not_sign_is_refused(path: str, signature: str) -> None:
    answer = call(path, {"MessageSid": "SM1", "From": NUMBER}, signature=signature)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_signature")
    assert not InboundText.objects.exists()


def test_a_signature_of_another_token_is_refused() -> None:
    answer = call(INBOUND, {"MessageSid": "SM1", "From": NUMBER}, token="another")
    assert answer.status_code == 401


def test_a_signature_for_another_path_is_refused(attempt: DeliveryAttempt) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "failed"}
    other = RequestValidator(TOKEN).compute_signature(f"{PUBLIC_URL}{INBOUND}", form)
    path = f"/callbacks/twilio/{attempt.public_id}"
    assert call(path, form, signature=other).status_code == 401
    assert word_of(attempt) == ""


def test_without_a_token_nothing_is_believed(settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = ""
    assert call(INBOUND, {"MessageSid": "SM1", "From": NUMBER}, token="").status_code == 401


def test_either_token_of_the_account_may_have_signed(settings: Settings) -> None:
    settings.TWILIO_SECONDARY_AUTH_TOKEN = "the other one"
    form = {"MessageSid": "SM1", "From": NUMBER}
    assert call(INBOUND, form, token="the other one").status_code == 200


def test_twilios_own_vectors_are_genuine(settings: Settings) -> None:
    vector = json.loads(VECTORS.read_text())
    settings.TWILIO_AUTH_TOKEN = vector["auth_token"]
    settings.PUBLIC_URL = vector["origin"]
    for case in vector["cases"]:
        form = {name: tuple(values) for name, values in case["form"].items()}
        assert is_genuine(case["path"], form, case["signature"]), case["path"]
        assert not is_genuine(case["path"] + "1", form, case["signature"])


@pytest.mark.parametrize(
    ("method", "content_type", "status", "code"),
    [
        ("GET", FORM, 405, "method_not_allowed"),
        ("POST", "application/json", 415, "unsupported_media_type"),
        ("POST", f"{FORM}; charset=utf-16", 400, "bad_request"),
    ],
)
def test_what_is_no_form_is_refused(method: str, content_type: str, status: int, code: str) -> None:
    answer = Client().generic(method, INBOUND, "{}", content_type=content_type)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_form_that_is_too_large_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = call(INBOUND, {"Body": "x" * 200})
    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    "form",
    [
        {"MessageSid": "SM1"},
        {"MessageStatus": "delivered"},
        {"MessageSid": "SM1", "MessageStatus": "vanished"},
        {"MessageSid": "x" * 65, "MessageStatus": "delivered"},
        {"MessageSid": "SM\x001", "MessageStatus": "delivered"},
    ],
    ids=str,
)
def test_a_genuine_call_that_says_nothing_is_an_error_with_a_code(form: dict[str, str]) -> None:
    answer = call(f"/callbacks/twilio/{uuid7()}", form)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


# What became of a message


def test_a_word_on_nobodys_message_is_taken_and_harms_nobody() -> None:
    assert report(uuid7(), "delivered").status_code == 204


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("queued", ReportKind.ACCEPTED),
        ("sending", ReportKind.ACCEPTED),
        ("sent", ReportKind.SENT),
        ("delivered", ReportKind.DELIVERED),
        ("read", ReportKind.OPENED),
        ("undelivered", ReportKind.FAILED),
        ("failed", ReportKind.FAILED),
        ("canceled", ReportKind.FAILED),
    ],
)
def test_each_status_has_its_meaning(
    attempt: DeliveryAttempt, status: str, kind: ReportKind
) -> None:
    assert report(attempt.public_id, status).status_code == 204
    assert word_of(attempt) == kind


def test_late_and_repeated_words_change_nothing(attempt: DeliveryAttempt) -> None:
    for status in ("delivered", "queued", "sent", "delivered"):
        assert report(attempt.public_id, status).status_code == 204
    assert word_of(attempt) == ReportKind.DELIVERED


@pytest.mark.parametrize("code", ["30005", "30006", "21614"])
def test_a_number_that_nothing_reaches_is_switched_off(
    attempt: DeliveryAttempt, phone: Address, code: str
) -> None:
    report(attempt.public_id, "undelivered", ErrorCode=code)
    phone.refresh_from_db()
    assert (phone.state, word_of(attempt)) == (State.OFF, ReportKind.BOUNCED)
    assert attempt.error_code == f"twilio_{code}"


@pytest.mark.parametrize("code", ["30003", "30007", "30008", "63016", "", "x", "9" * 40])
def test_a_phone_that_is_switched_off_for_now_is_not_given_up(
    attempt: DeliveryAttempt, phone: Address, code: str
) -> None:
    report(attempt.public_id, "undelivered", ErrorCode=code)
    phone.refresh_from_db()
    assert (phone.state, word_of(attempt)) == (State.ACTIVE, ReportKind.FAILED)


def test_a_carrier_that_knows_of_a_stop_is_believed(
    attempt: DeliveryAttempt, phone: Address, boris: User
) -> None:
    shared = factories.make_address(user=boris, channel="sms", value=NUMBER)
    report(attempt.public_id, "undelivered", ErrorCode="21610")
    for row in (phone, shared):
        row.refresh_from_db()
        assert (row.state, row.off_reason) == (State.OFF, OffReason.UNSUBSCRIBED)


# What phones send us


@pytest.mark.parametrize("word", ["STOP", "stop.", " Unsubscribe ", "ARRÊT", "arret", "STOP ALL"])
def test_stop_ends_it_for_everybody_with_that_number(
    phone: Address, boris: User, word: str
) -> None:
    shared = factories.make_address(user=boris, channel="sms", value=NUMBER)
    other = factories.make_address(user=boris, channel="sms", value="+4915123456780")
    assert text(word).status_code == 200
    for row in (phone, shared, other):
        row.refresh_from_db()
    assert {phone.off_reason, shared.off_reason} == {OffReason.UNSUBSCRIBED}
    assert (other.state, other.off_reason) == (State.ACTIVE, "")


@pytest.mark.parametrize("body", ["stop by at five", "please stop", "", "start the meeting"])
def test_other_texts_end_nothing(phone: Address, body: str) -> None:
    answer = text(body)
    phone.refresh_from_db()
    assert phone.state == State.ACTIVE
    assert answer.content.endswith(b"<Response />")


def test_stop_by_sms_does_not_end_whatsapp(phone: Address, ana: User) -> None:
    chat = factories.make_address(user=ana, channel="whatsapp", value=NUMBER)
    text("STOP")
    chat.refresh_from_db()
    assert chat.state == State.ACTIVE


def test_start_takes_a_stop_back_but_nothing_else(phone: Address, ana: User, boris: User) -> None:
    removed = factories.make_address(
        user=boris, channel="sms", value=NUMBER, state=State.OFF, off_reason=OffReason.BY_HAND
    )
    text("STOP")
    text("Start")
    phone.refresh_from_db()
    removed.refresh_from_db()
    assert (phone.state, phone.off_reason) == (State.ACTIVE, "")
    assert (removed.state, removed.off_reason) == (State.OFF, OffReason.BY_HAND)


def test_start_does_not_verify_a_number(ana: User) -> None:
    row = factories.make_address(
        user=ana, channel="sms", value=NUMBER, state=State.UNVERIFIED, verified_at=None
    )
    text("STOP")
    text("START")
    row.refresh_from_db()
    assert row.state == State.UNVERIFIED


def test_a_stop_that_is_repeated_after_a_start_is_old(phone: Address) -> None:
    text("STOP", sid="SMa")
    text("START", sid="SMb")
    text("STOP", sid="SMa")
    phone.refresh_from_db()
    assert (phone.state, InboundText.objects.count()) == (State.ACTIVE, 2)


def test_help_is_answered(phone: Address) -> None:
    answer = text("HELP")
    assert answer["Content-Type"].startswith("text/xml")
    assert b"<Message>" in answer.content
    assert b"STOP" in answer.content
    assert b"https://vigil.example/preferences/" in answer.content


def test_what_twilio_answered_itself_is_not_answered_twice(phone: Address) -> None:
    assert b"<Message>" not in text("Aidez-moi", OptOutType="HELP").content
    text("Laissez-moi", OptOutType="STOP")
    phone.refresh_from_db()
    assert phone.off_reason == OffReason.UNSUBSCRIBED


def test_a_whatsapp_message_opens_the_window_for_everybody_with_the_number(
    ana: User, boris: User, now: datetime
) -> None:
    rows = [
        factories.make_address(user=ana, channel="whatsapp", value=NUMBER, details={"x": 1}),
        factories.make_address(user=boris, channel="whatsapp", value=NUMBER),
    ]
    text("Hi!", sender=f"whatsapp:{NUMBER}")
    for row in rows:
        row.refresh_from_db()
        assert row.details is not None
        opened = datetime.fromisoformat(row.details["inbound_at"])
        assert abs(opened - now) < timedelta(minutes=1)
    assert rows[0].details["x"] == 1


def test_a_repeated_whatsapp_message_opens_nothing_again(ana: User) -> None:
    row = factories.make_address(user=ana, channel="whatsapp", value=NUMBER)
    text("Hi!", sender=f"whatsapp:{NUMBER}", sid="SMa")
    Address.objects.update(details=None)
    text("Hi!", sender=f"whatsapp:{NUMBER}", sid="SMa")
    row.refresh_from_db()
    assert row.details is None


def test_what_was_written_is_not_kept(phone: Address) -> None:
    text("my secret is swordfish")
    kept = InboundText.objects.values().get()
    assert "swordfish" not in str(kept)
    assert NUMBER not in str(kept)
