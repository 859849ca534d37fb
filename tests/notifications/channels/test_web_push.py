from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.core.engines.circuit import Outcome
from apps.core.http import background
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import (
    NOWHERE,
    DeliveryError,
    DeliveryUnclear,
    Links,
    Message,
    OnUnknown,
    Receipt,
    Target,
)
from apps.notifications.channels.push_tokens import read_token
from apps.notifications.channels.vapid import Authorizations, vapid_key
from apps.notifications.channels.web_push import WebPushChannel
from apps.notifications.types import OffReason
from tests.core.http.servers import Handler, dripping, hang, reset, saying, serving
from tests.notifications.channels.push_service import (
    VAPID_KEY,
    VAPID_PUBLIC,
    Browser,
    PushService,
    allow,
    answer,
    push_service,
)

KEY = UUID("0198c0de-0000-7000-8000-00000000cafe")


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    with push_service(settings) as running:
        yield running


def message(**values: object) -> Message:
    now = timezone.now()
    defaults = {
        "ref": uuid4(),
        "key": KEY,
        "business_id": 1,
        "user_id": 3,
        "title": "The contract is signed",
        "body": "Grüße aus Köln",
        "category": "message",
        "priority": 5,
        "correlation_id": uuid4(),
        "created_at": now,
        "expires_at": now + timedelta(hours=1),
    }
    return Message(**{**defaults, **values})


def send(target: Target, sent: Message | None = None) -> Receipt:
    channel = WebPushChannel()
    (provider,) = channel.providers(target)
    return background.run(channel.send(sent or message(), target, provider), timeout_seconds=20)


def error_of(target: Target, sent: Message | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        send(target, sent)
    return caught.value


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_browser_that_has_ended_its_subscription_is_never_asked_again(
    service: PushService, status: str
) -> None:
    service.answers = [answer(status)]
    error = error_of(service.browser().target)
    assert (error.permanent, error.off, error.fault.is_failure) == (True, OffReason.GONE, False)


def test_a_service_that_wants_less_is_asked_after_the_time_it_names(service: PushService) -> None:
    service.answers = [answer("429 Too Many Requests", "Retry-After: 17")]
    error = error_of(service.browser().target)
    assert (error.permanent, error.retry_after, error.fault) == (False, 17.0, Outcome.THROTTLED)
    assert error.off is None


@pytest.mark.parametrize(
    ("said", "permanent", "fault"),
    [
        (answer("500 Internal Server Error"), False, Outcome.SERVER_ERROR),
        (answer("503 Service Unavailable", "Retry-After: 5"), False, Outcome.SERVER_ERROR),
        (answer("307 Temporary Redirect", "Location: http://127.0.0.1:1/"), False, None),
        (answer("400 Bad Request", body=b"{not json"), True, None),
        (answer("401 Unauthorized"), True, None),
    ],
    ids=["500", "503", "3xx", "400", "401"],
)
def test_what_a_service_refuses_leaves_the_browser_as_it_was(
    service: PushService, said: bytes, permanent: bool, fault: Outcome | None
) -> None:
    service.answers = [said]
    error = error_of(service.browser().target)
    assert (error.permanent, error.off) == (permanent, None)
    assert error.fault is (fault or Outcome.CLIENT_ERROR)
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    "handler",
    [hang, reset, dripping(b"HTTP/1.1 201 Created\r\nX: ", b"x"), saying(b"garbage\r\n\r\n")],
    ids=["hang", "reset", "drip", "garbage"],
)
def test_where_a_service_gives_no_answer_nobody_knows(settings: Settings, handler: Handler) -> None:
    settings.SEND_DEADLINE_SECONDS = 0.5
    with serving(handler) as server:
        allow(settings, server)
        browser = Browser(endpoint=f"{server.url}push/1", server_key=VAPID_PUBLIC)
        with pytest.raises(DeliveryUnclear):
            send(browser.target)


def test_where_no_service_listens_nothing_was_sent(settings: Settings) -> None:
    with serving(hang) as server:
        allow(settings, server)
        browser = Browser(endpoint=f"{server.url}push/1", server_key=VAPID_PUBLIC)
    error = error_of(browser.target)
    assert (error.permanent, error.fault) == (False, Outcome.CONNECT)


def test_without_a_key_there_is_nobody_to_ask(service: PushService, settings: Settings) -> None:
    target = service.browser().target
    settings.VAPID_PRIVATE_KEY = ""
    assert WebPushChannel().providers(target) == ()
    with pytest.raises(DeliveryError, match="not set up"):
        background.run(WebPushChannel().send(message(), target, ""), timeout_seconds=5)
    assert service.asked == []


def test_a_host_that_left_the_list_is_not_asked(service: PushService, settings: Settings) -> None:
    settings.PUSH_HOSTS = ["fcm.googleapis.com"]
    error = error_of(service.browser().target)
    assert (error.permanent, error.code, error.off) == (True, "endpoint_not_allowed", None)
    assert service.asked == []


def test_a_browser_that_subscribed_with_another_key_is_switched_off(service: PushService) -> None:
    error = error_of(service.browser(server_key="BOther").target)
    assert (error.code, error.off) == ("key_changed", OffReason.INVALID)
    assert service.asked == []


@pytest.mark.parametrize("details", [{}, {"p256dh": "BAAA", "auth": "AAAA"}], ids=["none", "short"])
def test_keys_nobody_can_encrypt_to_switch_the_browser_off(
    service: PushService, details: dict[str, str]
) -> None:
    target = replace(service.browser().target, details={**details, "vapid": VAPID_PUBLIC})
    error = error_of(target)
    assert (error.code, error.off) == ("invalid_keys", OffReason.INVALID)


def test_what_is_too_long_for_a_service_is_said_in_short(service: PushService) -> None:
    service.most_bytes = 1_024
    browser = service.browser()
    send(browser.target, message(body="ä" * 5_000))
    assert [asked.status for asked in service.asked] == [413, 201]
    assert browser.inbox[0]["title"] == "The contract is signed"
    assert browser.inbox[0]["body"].endswith("ä…")


def test_what_is_too_long_even_in_short_is_given_up(service: PushService) -> None:
    service.most_bytes = 100
    error = error_of(service.browser().target)
    assert (error.permanent, error.code, len(service.asked)) == (True, "http_413", 2)


@pytest.mark.parametrize("character", ["ä", "😀", '"', "\n", "\x01"])
def test_nothing_is_longer_than_a_service_must_take(service: PushService, character: str) -> None:
    browser = service.browser()
    send(browser.target, message(title=character * 300, body=character * 10_000))
    (asked,) = service.asked
    assert (asked.status, len(asked.body) <= 4_096) == (201, True)
    assert browser.inbox[0]["tag"] == str(KEY)


def test_a_browser_reads_what_it_is_pushed(service: PushService) -> None:
    browser = service.browser()
    receipt = send(browser.target, message(priority=9))
    (card,) = browser.inbox
    assert (card["title"], card["body"]) == ("The contract is signed", "Grüße aus Köln")
    assert (card["tag"], card["group"], card["urgent"]) == (str(KEY), "message", True)
    assert card["url"] == f"/inbox/#entry-{KEY}"
    assert [button["action"] for button in card["actions"]] == ["read", "snooze", "less"]
    assert receipt.provider_message_id == "m-0"


def test_the_token_is_for_this_notification_through_this_browser(service: PushService) -> None:
    browser = service.browser()
    send(browser.target)
    token = read_token(browser.inbox[0]["token"], now=timezone.now())
    assert (token.user_id, token.address_id, token.key) == (3, 7, KEY)


def test_a_digest_has_no_buttons(service: PushService) -> None:
    browser = service.browser()
    send(browser.target, message(category="digest"))
    assert (browser.inbox[0]["actions"], browser.inbox[0]["token"]) == ([], "")


def test_a_link_is_opened_without_its_host(service: PushService) -> None:
    browser = service.browser()
    links = Links(open="https://elsewhere.example/inbox/held/?a=1#x")
    send(browser.target, message(links=links))
    assert browser.inbox[0]["url"] == "/inbox/held/?a=1#x"


def test_no_two_messages_share_a_key_or_a_salt(service: PushService) -> None:
    browser = service.browser()
    for _ in range(3):
        send(browser.target)
    assert len({asked.body[:16] for asked in service.asked}) == 3
    assert len({asked.body[21:86] for asked in service.asked}) == 3


def test_one_that_still_waits_is_replaced_when_it_is_sent_again(service: PushService) -> None:
    browser = service.browser()
    browser.away = True
    for words in ("first", "second"):
        send(browser.target, message(title=words))
    send(browser.target, message(title="another", key=uuid4()))
    browser.come_back()
    assert [card["title"] for card in browser.inbox] == ["second", "another"]


@pytest.mark.parametrize(
    ("priority", "word"), [(1, "low"), (3, "low"), (4, "normal"), (7, "high"), (10, "high")]
)
def test_the_service_is_told_how_urgent_it_is(
    service: PushService, priority: int, word: str
) -> None:
    send(service.browser().target, message(priority=priority))
    assert service.asked[0].headers["urgency"] == word


@pytest.mark.parametrize(
    ("lifetime", "least", "most"),
    [
        (timedelta(seconds=-5), 0, 0),
        (timedelta(minutes=10), 595, 600),
        (timedelta(days=365), 2_419_200, 2_419_200),
    ],
    ids=["over", "ten minutes", "a year"],
)
def test_the_service_keeps_it_until_it_is_over(
    service: PushService, lifetime: timedelta, least: int, most: int
) -> None:
    send(service.browser().target, message(expires_at=timezone.now() + lifetime))
    assert least <= int(service.asked[0].headers["ttl"]) <= most


def test_one_header_goes_to_all_browsers_of_a_service(service: PushService) -> None:
    channel = CHANNELS.get("web_push")
    for browser in (service.browser(), service.browser()):
        background.run(channel.send(message(), browser.target, ""), timeout_seconds=20)
    first, second = (asked.headers["authorization"] for asked in service.asked)
    assert first == second


def test_a_header_is_renewed_before_it_ends_and_for_each_service(
    settings: Settings, now: datetime
) -> None:
    settings.VAPID_PRIVATE_KEY = VAPID_KEY
    key, known = vapid_key(), Authorizations()
    assert key is not None
    first = known.header(key, "https://a.example", now=now)
    later = now + timedelta(hours=10, minutes=59)
    assert known.header(key, "https://a.example", now=later) == first
    assert known.header(key, "https://b.example", now=now) != first
    assert known.header(key, "https://a.example", now=now + timedelta(hours=11)) != first


def test_a_new_key_makes_a_new_header(settings: Settings, now: datetime) -> None:
    known = Authorizations()
    settings.VAPID_PRIVATE_KEY = VAPID_KEY
    first = vapid_key()
    settings.VAPID_PRIVATE_KEY = f"r{VAPID_KEY[1:]}"
    key = vapid_key()
    assert first is not None
    assert key is not None
    headers = {known.header(one, "https://a.example", now=now) for one in (first, key)}
    assert len(headers) == 2


def test_it_rings_in_every_browser_and_names_the_service_for_its_breaker(
    service: PushService,
) -> None:
    channel = CHANNELS.get("web_push")
    assert (channel.addressed, channel.each, channel.on_unknown) == (True, True, OnUnknown.RESEND)
    assert channel.providers(service.browser().target) == ("web_push:127.0.0.1",)
    assert channel.providers(NOWHERE) == ("web_push:",)
