"""SendGrid's event webhook: signed, told once, forward only, and never a 500."""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.channels.email.providers.sendgrid_events import Signed, is_genuine
from apps.notifications.models import Address, DeliveryAttempt, ProviderReport
from tests import factories

pytestmark = pytest.mark.django_db

PATH = "/callbacks/sendgrid/events"
VECTOR: dict[str, str] = json.loads(
    (Path(__file__).parents[3] / "fixtures/signatures/sendgrid_events.json").read_text("utf-8")
)
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
).decode()


@pytest.fixture(autouse=True)
def _keys(settings: Settings) -> None:
    settings.SENDGRID_EVENT_KEYS = [VECTOR["public_key"], PUBLIC]


@pytest.fixture
def attempt(northwind: Business, ana: User) -> DeliveryAttempt:
    event = factories.make_event(business=northwind, user=ana)
    delivery = factories.make_delivery(
        notification=factories.make_notification(event=event, user=ana),
        channel="email",
        state="delivered",
        attempt_count=1,
        address=factories.make_address(user=ana, channel="email"),
    )
    return factories.make_attempt(
        delivery=delivery,
        provider="sendgrid:main",
        provider_message_id="LRzXl",
        outcome="delivered",
    )


def post(body: bytes, now: datetime, **changed: str) -> HttpResponse:
    stamp = changed.get("timestamp", str(int(now.timestamp())))
    signature = KEY.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": changed.get(
            "signature", base64.b64encode(signature).decode()
        ),
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }
    answer = Client().post(PATH, body, "application/json", headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def tell(now: datetime, *events: dict[str, Any]) -> dict[str, int]:
    answer = post(json.dumps(events).encode() + b"\r\n", now)
    assert answer.status_code == 200
    found: dict[str, int] = json.loads(answer.content)
    return found


def event(attempt: DeliveryAttempt, kind: str, now: datetime, **values: Any) -> dict[str, Any]:
    return {
        "email": "ana@example.com",
        "timestamp": int(now.timestamp()),
        "event": kind,
        "sg_event_id": f"{kind}-1",
        "sg_message_id": "LRzXl.filterdrecv-p3mdw1",
        "ref": str(attempt.public_id),
        **values,
    }


def at_the_vector(**changed: str) -> bool:
    now = datetime.fromisoformat("2020-09-14T19:41:42+00:00")
    values = {**VECTOR, **changed}
    signed = Signed(
        body=values["body"].encode(),
        signature=values["signature"],
        timestamp=values["timestamp"],
    )
    return is_genuine(signed, keys=[values["public_key"]], tolerance_seconds=300, now=now)


def test_the_vendors_own_vector_is_genuine_with_its_last_line_end_alone() -> None:
    assert VECTOR["body"].endswith("\r\n")
    assert at_the_vector()
    assert not at_the_vector(body=VECTOR["body"].rstrip())
    assert not at_the_vector(public_key=PUBLIC)
    assert not at_the_vector(public_key="no key at all")


@pytest.mark.parametrize(
    "signature",
    ["", "=", "AAAA", "A" * 96, "é" * 96, "A" * 10_000, "MEUCIQD" + "A" * 88 + "="],
)
def test_a_signature_that_is_none_is_refused(now: datetime, signature: str) -> None:
    answer = post(b"[]", now, signature=signature.encode().decode("latin-1"))
    assert answer.status_code == 401
    assert json.loads(answer.content)["code"] == "invalid_signature"


@pytest.mark.parametrize(
    "stamp", ["", "now", "-1", "1e9", "99999999999999", "16001 12502", "１６００１１２５０２"]
)
def test_a_time_that_is_none_is_refused(now: datetime, stamp: str) -> None:
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": "A" * 96,
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp.encode().decode("latin-1"),
    }
    assert Client().post(PATH, b"[]", "application/json", headers=headers).status_code == 401


@pytest.mark.parametrize("seconds", [-400, 400])
def test_what_was_signed_at_another_time_is_refused(now: datetime, seconds: int) -> None:
    stamp = str(int((now + timedelta(seconds=seconds)).timestamp()))
    assert post(b"[]", now, timestamp=stamp).status_code == 401


def test_without_a_key_nobody_is_believed(now: datetime, settings: Settings) -> None:
    settings.SENDGRID_EVENT_KEYS = []
    assert post(b"[]", now).status_code == 401


def test_bytes_that_are_no_text_are_refused(now: datetime) -> None:
    assert post(b"\xff\xfe[]", now).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[NaN]", 400),
        (b"[" * 5_000, 400),
        (b'[{"a": 1, "a": 2}]', 400),
        (b'["\\u0000"]', 422),
        (b"{}", 422),
        (b"null", 422),
    ],
)
def test_what_is_no_array_of_events_has_an_answer_with_a_code(
    now: datetime, body: bytes, status: int
) -> None:
    answer = post(body, now)
    assert answer.status_code == status
    assert json.loads(answer.content)["code"]


def test_nothing_but_post_is_understood(db: None) -> None:
    assert Client().get(PATH).status_code == 405


def test_events_of_no_whole_shape_are_left_out_and_the_others_taken(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    odd: list[Any] = [
        1,
        None,
        [],
        {},
        event(attempt, "exploded", now),
        event(attempt, "open", now, timestamp="soon"),
        event(attempt, "open", now, timestamp=10**18),
        event(attempt, "open", now, timestamp=True),
        event(attempt, "open", now, sg_event_id=None),
    ]
    assert tell(now, *odd, event(attempt, "delivered", now)) == {"taken": 1, "skipped": len(odd)}


def test_a_thousand_events_come_in_one_batch(attempt: DeliveryAttempt, now: datetime) -> None:
    many = [event(attempt, "open", now, sg_event_id=f"o-{n}", useragent="x") for n in range(1_000)]
    assert tell(now, *many)["taken"] == 1_000


def test_the_same_event_counts_once(attempt: DeliveryAttempt, now: datetime) -> None:
    same = event(attempt, "delivered", now)
    assert [tell(now, same, same)["taken"] for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("kind", "values", "reported", "off"),
    [
        ("processed", {}, "accepted", ""),
        ("deferred", {"response": "451 4.7.1 later"}, "deferred", ""),
        ("delivered", {}, "delivered", ""),
        ("open", {}, "opened", ""),
        ("click", {"url": "https://vigil.example"}, "clicked", ""),
        ("bounce", {"type": "bounce", "status": "5.1.1"}, "bounced", "bounced"),
        ("bounce", {"type": "blocked", "status": "5.7.1"}, "failed", ""),
        ("dropped", {"reason": "Bounced Address"}, "bounced", "bounced"),
        ("dropped", {"reason": "Spam Content"}, "failed", ""),
        ("spamreport", {}, "complained", "complained"),
        ("unsubscribe", {}, "unsubscribed", "unsubscribed"),
        ("group_unsubscribe", {}, "unsubscribed", "unsubscribed"),
    ],
)
def test_each_event_means_what_it_means(
    attempt: DeliveryAttempt,
    now: datetime,
    kind: str,
    values: dict[str, str],
    reported: str,
    off: str,
) -> None:
    tell(now, event(attempt, kind, now, **values))
    attempt.refresh_from_db()
    address = Address.objects.get()
    assert attempt.report == reported
    assert (address.state, address.off_reason) == ("off" if off else "active", off)


def test_without_our_ref_the_message_id_tells_which_mail_it_is(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    tell(now, event(attempt, "delivered", now, ref="nonsense"))
    assert ProviderReport.objects.get().attempt == attempt


def test_a_code_repeats_nothing_of_the_address(attempt: DeliveryAttempt, now: datetime) -> None:
    reason = "550 5.1.1 <ana@example.com>: no such user"
    tell(now, event(attempt, "bounce", now, type="bounce", reason=reason))
    assert ProviderReport.objects.get().code == "bounce 5.1.1"
