import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.utils import timezone
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.core.signing import Scheme, SignatureError, generate_secret, sign, verify
from apps.notifications.channels.base import DeliveryError, DeliveryUnclear, Target
from apps.notifications.channels.webhook import WebhookChannel, document, signed_headers
from apps.notifications.engines.hook_secrets import first_secret, rotated
from apps.notifications.types import OffReason
from tests.core.http.servers import answering, dripping, hang, reset, saying
from tests.notifications.channels.hooks import AT, KEY, body_of, headers_of, local, message, send

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTORS = Path(project.BASE_DIR) / "tests" / "fixtures" / "signatures" / "vectors.json"


def target(url: str, details: Mapping[str, Any] | None = None) -> Target:
    given = first_secret(SECRET) if details is None else details
    return Target(address_id=5, value=f"{url}hook", details=given)


def failed(settings: Settings, *lines: str, status: str, body: bytes = b"") -> DeliveryError:
    handler = answering(*lines, status=status, body=body)
    with local(settings, handler) as server, pytest.raises(DeliveryError) as caught:
        send(WebhookChannel(), target(server.url))
    return caught.value


@pytest.mark.parametrize("status", ["400 No", "401 No", "404 No", "413 No", "500 No", "503 No"])
def test_whatever_it_answers_but_2xx_is_tried_again(settings: Settings, status: str) -> None:
    error = failed(settings, status=status)
    assert (error.permanent, error.off) == (False, None)
    assert error.code == f"http_{status[:3]}"


@pytest.mark.parametrize("status", ["429 Slow", "502 Bad", "504 Late", "503 Busy"])
def test_retry_after_is_kept(settings: Settings, status: str) -> None:
    assert failed(settings, "Retry-After: 42", status=status).retry_after == 42


def test_gone_switches_it_off(settings: Settings) -> None:
    error = failed(settings, status="410 Gone")
    assert (error.permanent, error.off) == (True, OffReason.GONE)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_a_failure_and_not_followed(settings: Settings, status: str) -> None:
    with local(settings, answering("Location: /elsewhere", status=status)) as server:
        with pytest.raises(DeliveryError) as caught:
            send(WebhookChannel(), target(server.url))
        assert len(server.requests) == 1
    assert caught.value.permanent is False


def test_a_server_that_hangs_leaves_it_unclear(settings: Settings) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.3
    with local(settings, hang) as server, pytest.raises(DeliveryUnclear) as caught:
        send(WebhookChannel(), target(server.url))
    assert caught.value.fault is Outcome.TIMEOUT


def test_a_server_that_drips_is_cut_off(settings: Settings) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.3
    handler = dripping(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n")
    with local(settings, handler) as server, pytest.raises(DeliveryUnclear):
        send(WebhookChannel(), target(server.url))


@pytest.mark.parametrize("handler", [reset, saying(b"garbage\r\n\r\n")], ids=["reset", "garbage"])
def test_no_answer_in_http_leaves_it_unclear(settings: Settings, handler: Any) -> None:
    with local(settings, handler) as server, pytest.raises(DeliveryUnclear):
        send(WebhookChannel(), target(server.url))


def test_a_closed_port_is_surely_not_delivered(settings: Settings) -> None:
    with local(settings, hang) as server:
        where = target(server.url)
        server.stop()
        with pytest.raises(DeliveryError) as caught:
            send(WebhookChannel(), where)
    assert (caught.value.permanent, caught.value.fault) == (False, Outcome.CONNECT)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://[::ffff:7f00:1]/",
        "https://2130706433/",
        "https://localhost/",
        "https://metadata.internal/",
        "https://user@example.com/",
        "https://example.com:22/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://hooks.slack.com/services/",
        "file:///etc/",
    ],
)
def test_what_may_not_be_reached_is_never_asked(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        send(WebhookChannel(), target(url))
    assert (caught.value.permanent, caught.value.code) == (True, "address_not_allowed")


@pytest.mark.parametrize("details", [{}, {"secrets": []}, first_secret("whsec_"), first_secret("")])
def test_without_a_secret_nothing_is_sent(settings: Settings, details: dict[str, Any]) -> None:
    with local(settings, answering()) as server:
        with pytest.raises(DeliveryError) as caught:
            send(WebhookChannel(), target(server.url, details))
        assert server.requests == []
    assert (caught.value.permanent, caught.value.code) == (True, "no_secret")


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_any_2xx_is_success(settings: Settings, status: str) -> None:
    with local(settings, answering(status=status)) as server:
        assert send(WebhookChannel(), target(server.url)).provider_message_id == ""


def test_what_arrives_verifies_on_its_exact_bytes(settings: Settings) -> None:
    with local(settings, answering()) as server:
        send(WebhookChannel(), target(server.url), message(title="Ünïcode → 漢字 \ud800"))
    raw = server.requests[0]
    body, headers = raw.partition(b"\r\n\r\n")[2], headers_of(raw)
    known = verify(
        Scheme.STANDARD_WEBHOOKS, headers, body, [SECRET], now=timezone.now(), tolerance_seconds=5
    )
    assert known == str(KEY)
    with pytest.raises(SignatureError):
        verify(
            Scheme.STANDARD_WEBHOOKS,
            headers,
            body.replace(b"code", b"Code"),
            [SECRET],
            now=timezone.now(),
            tolerance_seconds=5,
        )


def test_the_reference_vector_comes_out_of_our_signer() -> None:
    vectors = json.loads(VECTORS.read_text())
    vector = next(one for one in vectors if one["name"] == "standard_webhooks")
    signed = sign(
        Scheme.STANDARD_WEBHOOKS,
        vector["secret"],
        message_id=vector["message_id"],
        now=datetime.fromtimestamp(vector["sent_at"], UTC),
        body=vector["body"].encode(),
    )
    assert signed == vector["headers"]


def test_every_attempt_has_the_same_id_and_a_fresh_timestamp() -> None:
    body = document(message())
    where = target("https://example.com/")
    first = signed_headers(message(), body, where, now=AT)
    later = signed_headers(message(), body, where, now=AT + timedelta(hours=2))
    assert first["webhook-id"] == later["webhook-id"] == str(KEY)
    assert int(later["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 7_200
    assert first["webhook-signature"] != later["webhook-signature"]


def test_in_a_rotation_receivers_of_either_secret_are_content() -> None:
    new = generate_secret(Scheme.STANDARD_WEBHOOKS)
    details = rotated(first_secret(SECRET), new, now=AT, overlap_seconds=3_600)
    body = document(message())
    headers = signed_headers(message(), body, target("https://example.com/", details), now=AT)
    for secret in (SECRET, new):
        verify(Scheme.STANDARD_WEBHOOKS, headers, body, [secret], now=AT, tolerance_seconds=5)
    over = AT + timedelta(seconds=3_600)
    headers = signed_headers(message(), body, target("https://example.com/", details), now=over)
    with pytest.raises(SignatureError):
        verify(Scheme.STANDARD_WEBHOOKS, headers, body, [SECRET], now=over, tolerance_seconds=5)


def test_the_document_says_what_came_and_where_to_look(settings: Settings) -> None:
    with local(settings, answering()) as server:
        send(WebhookChannel(), target(server.url))
    assert headers_of(server.requests[0])["content-type"] == "application/json"
    assert body_of(server.requests[0]) == {
        "type": "notification.created",
        "version": 1,
        "timestamp": "2026-03-04T12:00:00Z",
        "data": {
            "id": str(KEY),
            "title": "Carla: Offer",
            "body": "Please have a look.",
            "category": "message",
            "priority": 7,
            "urgency": "high",
            "correlation_id": "00000000-0000-0000-0000-000000000003",
            "created_at": "2026-03-04T12:00:00Z",
            "expires_at": "2026-03-11T12:00:00Z",
            "links": {
                "open": "https://vigil.example/inbox/1",
                "why": "https://vigil.example/why/1",
            },
        },
    }


def test_a_digest_has_a_type_of_its_own() -> None:
    assert json.loads(document(message(category="digest")))["type"] == "digest.created"


def test_one_endpoint_never_speaks_for_another() -> None:
    channel = WebhookChannel()
    others = Target(address_id=6, value="https://example.com/hook")
    assert channel.providers(target("https://example.com/")) != channel.providers(others)
