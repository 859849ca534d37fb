from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.signing import Signer
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.accounts.tiers import Tier
from apps.notifications.channels.push_tokens import PushToken, make_token
from apps.notifications.models import Address, Delivery, Feedback, Notification
from apps.notifications.types import OffReason
from tests import factories
from tests.conftest import ApiFor, JsonClient
from tests.notifications.channels.push_service import VAPID_PUBLIC, PushService, push_service

pytestmark = pytest.mark.django_db

SUBSCRIBE = "/api/notifications/push/subscribe"
UNSUBSCRIBE = "/api/notifications/push/unsubscribe"
ACT = "/api/notifications/push/act"
KEY = "/.well-known/vigil-push"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def service(settings: Settings) -> Iterator[PushService]:
    with push_service(settings) as running:
        yield running


@pytest.fixture
def note(ana: User, northwind: Business) -> Notification:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=event)
    row = factories.make_notification(event=event, user=ana, now=timezone.now())
    factories.make_delivery(notification=row, channel="in_app", state=Delivery.State.DELIVERED)
    return row


@pytest.fixture
def token(ana: User, note: Notification) -> PushToken:
    address = factories.make_address(user=ana, value="https://push.example/1")
    return PushToken(user_id=ana.pk, address_id=address.pk, key=note.public_id)


def subscription(service: PushService, **changed: Any) -> dict[str, Any]:
    return {"subscription": {**service.browser().json, **changed}}


def press(client: JsonClient, token: PushToken, action: str = "read") -> Any:
    text = make_token(token, now=timezone.now())
    return client.post(ACT, {"token": text, "action": action})


# --- subscribing ---


def test_nobody_subscribes_without_logging_in(anonymous: JsonClient, service: PushService) -> None:
    assert anonymous.post(SUBSCRIBE, subscription(service)).status_code == 401
    assert anonymous.delete(UNSUBSCRIBE, {"endpoint": "https://x.example"}).status_code == 401


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"endpoint": "http://169.254.169.254/latest"}, "endpoint_not_allowed", "endpoint"),
        ({"endpoint": "https://fcm.googleapis.com/x"}, "endpoint_not_allowed", "endpoint"),
        ({"endpoint": f"http://127.0.0.1/{'x' * 3_000}"}, "endpoint_not_allowed", "endpoint"),
        ({"endpoint": ""}, "validation_error", "endpoint"),
        ({"endpoint": 7}, "validation_error", "endpoint"),
        ({"endpoint": None}, "validation_error", "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "invalid_keys", "keys"),
        ({"keys": {"p256dh": VAPID_PUBLIC, "auth": "A" * 20}}, "invalid_keys", "keys"),
        ({"keys": {"p256dh": VAPID_PUBLIC}}, "validation_error", "keys.auth"),
        ({"keys": {}}, "validation_error", "keys.auth"),
        ({"keys": None}, "validation_error", "keys"),
        ({"keys": []}, "validation_error", "keys"),
        (
            {"keys": {"p256dh": VAPID_PUBLIC, "auth": "A" * 22, "more": "x"}},
            "unknown_field",
            "keys.more",
        ),
        ({"expirationTime": "soon"}, "validation_error", "expirationTime"),
        ({"owner": "boris"}, "unknown_field", "owner"),
    ],
    ids=str,
)
def test_what_no_browser_sends_is_refused_by_its_name(
    as_ana: JsonClient, service: PushService, changed: dict[str, Any], code: str, field: str
) -> None:
    """Catalogue B64 and B65."""
    answer = as_ana.post(SUBSCRIBE, subscription(service, **changed))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert f"subscription.{field}" in problem["fields"]
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, [], {"subscription": None}, {"subscription": []}, {"subscription": "x"}], ids=str
)
def test_a_body_without_a_subscription_is_refused(as_ana: JsonClient, body: Any) -> None:
    assert as_ana.post(SUBSCRIBE, body).status_code == (400 if body == [] else 422)


def test_an_unknown_name_beside_it_is_refused(as_ana: JsonClient, service: PushService) -> None:
    answer = as_ana.post(SUBSCRIBE, {**subscription(service), "user": 7})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["user"])


def test_a_tier_without_push_has_none(
    as_ana: JsonClient, service: PushService, northwind: Business
) -> None:
    """Catalogue B56."""
    Business.objects.update(tier=Tier.FREE)
    answer = as_ana.post(SUBSCRIBE, subscription(service))
    assert (answer.status_code, answer.json()["number"]) == (403, 4032)


def test_without_a_key_nobody_subscribes(
    as_ana: JsonClient, service: PushService, settings: Settings
) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    answer = as_ana.post(SUBSCRIBE, subscription(service))
    assert (answer.status_code, answer.json()["number"]) == (503, 5002)


def test_a_browser_in_which_somebody_else_is_told_stays_theirs(
    as_ana: JsonClient, as_boris: JsonClient, boris: User, service: PushService
) -> None:
    """Catalogue B66."""
    body = subscription(service)
    assert as_boris.post(SUBSCRIBE, body).status_code == 201
    answer = as_ana.post(SUBSCRIBE, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "endpoint_in_use")
    assert Address.objects.get().user == boris


def test_a_browser_somebody_else_turned_off_may_be_taken(
    as_ana: JsonClient, as_boris: JsonClient, service: PushService
) -> None:
    body = subscription(service)
    as_boris.post(SUBSCRIBE, body)
    as_boris.delete(UNSUBSCRIBE, {"endpoint": body["subscription"]["endpoint"]})
    assert as_ana.post(SUBSCRIBE, body).status_code == 201


def test_one_person_has_so_many_browsers_and_no_more(
    as_ana: JsonClient, ana: User, service: PushService, settings: Settings
) -> None:
    settings.ADDRESSES_PER_CHANNEL = 2
    gone = {"state": Address.State.OFF, "off_reason": OffReason.GONE}
    factories.make_address(user=ana, **gone)
    statuses = [as_ana.post(SUBSCRIBE, subscription(service)).status_code for _ in range(3)]
    assert statuses == [201, 201, 409]


def test_only_what_was_sent_to_is_kept_of_a_browser_that_is_gone(
    as_ana: JsonClient, ana: User, service: PushService, note: Notification
) -> None:
    gone = {"state": Address.State.OFF, "off_reason": OffReason.GONE}
    factories.make_address(user=ana, **gone)
    mailbox = factories.make_address(user=ana, channel="email", **gone)
    told = factories.make_address(user=ana, **gone)
    factories.make_delivery(notification=note, channel="web_push", address=told)
    assert as_ana.post(SUBSCRIBE, subscription(service)).status_code == 201
    kept = Address.objects.filter(state=Address.State.OFF).order_by("id")
    assert list(kept) == [mailbox, told]


def test_a_browser_is_kept_with_what_it_takes_to_reach_it(
    as_ana: JsonClient, ana: User, service: PushService
) -> None:
    body = subscription(service)
    answer = as_ana.post(SUBSCRIBE, {**body, "userAgent": FIREFOX})
    row = Address.objects.get()
    assert (row.user, row.channel, row.state) == (ana, "web_push", Address.State.ACTIVE)
    assert row.value == body["subscription"]["endpoint"]
    assert row.details == {**body["subscription"]["keys"], "vapid": VAPID_PUBLIC}
    shown = answer.json()
    assert (shown["browser"], shown["service"]) == ("Firefox on Linux", "127.0.0.1")
    assert body["subscription"]["keys"]["auth"] not in answer.content.decode()


def test_a_browser_that_does_not_say_what_it_is_is_known_by_its_header(
    as_ana: JsonClient, service: PushService
) -> None:
    as_ana.post(SUBSCRIBE, subscription(service), headers={"User-Agent": FIREFOX})
    assert Address.objects.get().label == "Firefox on Linux"


def test_the_same_browser_again_renews_it_and_switches_it_on(
    as_ana: JsonClient, service: PushService
) -> None:
    body = subscription(service)
    first = as_ana.post(SUBSCRIBE, body).json()["id"]
    Address.objects.update(state=Address.State.OFF, off_reason=OffReason.GONE)
    body["subscription"]["keys"] = service.browser().json["keys"]
    assert as_ana.post(SUBSCRIBE, body).json()["id"] == first
    row = Address.objects.get()
    assert (row.state, row.off_reason) == (Address.State.ACTIVE, "")
    assert row.details == {**body["subscription"]["keys"], "vapid": VAPID_PUBLIC}


@pytest.mark.parametrize("body", [{}, {"endpoint": ""}, {"endpoint": 1}, {"url": "x"}], ids=str)
def test_what_names_no_browser_is_refused(as_ana: JsonClient, body: dict[str, Any]) -> None:
    assert as_ana.delete(UNSUBSCRIBE, body).status_code == 422


def test_nobody_unsubscribes_for_others(
    as_ana: JsonClient, as_boris: JsonClient, service: PushService
) -> None:
    body = subscription(service)
    as_boris.post(SUBSCRIBE, body)
    endpoint = {"endpoint": body["subscription"]["endpoint"]}
    assert as_ana.delete(UNSUBSCRIBE, endpoint).status_code == 404
    assert Address.objects.get().state == Address.State.ACTIVE


def test_a_browser_that_unsubscribes_is_told_nothing_more(
    as_ana: JsonClient, service: PushService
) -> None:
    body = subscription(service)
    as_ana.post(SUBSCRIBE, body)
    answer = as_ana.delete(UNSUBSCRIBE, {"endpoint": body["subscription"]["endpoint"]})
    row = Address.objects.get()
    assert (answer.status_code, row.state, row.off_reason) == (
        204,
        Address.State.OFF,
        OffReason.BY_HAND,
    )


# --- the key ---


def test_without_a_key_none_is_given(anonymous: JsonClient, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    answer = anonymous.get(KEY)
    assert (answer.status_code, answer.json()["code"]) == (503, "channel_unavailable")


def test_everybody_may_see_the_public_key(anonymous: JsonClient) -> None:
    assert anonymous.get(KEY).json() == {"publicKey": VAPID_PUBLIC}


# --- the buttons ---


@pytest.mark.parametrize("text", ["", "x", "a:b", "ключ", "x" * 500, "WzEsMl0:abc"])
def test_what_is_no_token_does_nothing(anonymous: JsonClient, text: str) -> None:
    answer = anonymous.post(ACT, {"token": text, "action": "read"})
    assert answer.status_code in (401, 422)


@pytest.mark.parametrize("body", [{}, {"token": "x"}, {"action": "read"}], ids=str)
def test_half_a_press_is_refused(anonymous: JsonClient, body: dict[str, Any]) -> None:
    assert anonymous.post(ACT, body).status_code == 422


def test_a_button_nobody_knows_is_refused(anonymous: JsonClient, token: PushToken) -> None:
    assert press(anonymous, token, "delete").status_code == 422


def test_a_token_of_another_purpose_does_nothing(anonymous: JsonClient, token: PushToken) -> None:
    claims = [token.user_id, token.address_id, token.key.hex, 2**31]
    text = Signer(salt="another purpose").sign_object(claims)
    answer = anonymous.post(ACT, {"token": text, "action": "read"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_token_ends(anonymous: JsonClient, token: PushToken, settings: Settings) -> None:
    settings.PUSH_ACTION_SECONDS = 60
    text = make_token(token, now=timezone.now() - timedelta(seconds=61))
    answer = anonymous.post(ACT, {"token": text, "action": "read"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_a_token_ends_with_its_browser(
    anonymous: JsonClient, token: PushToken, note: Notification
) -> None:
    Address.objects.update(state=Address.State.OFF)
    assert press(anonymous, token).status_code == 401
    note.refresh_from_db()
    assert note.read_at is None


def test_a_token_ends_with_its_person(anonymous: JsonClient, token: PushToken, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert press(anonymous, token).status_code == 401


def test_a_token_is_for_ones_own_notifications(
    anonymous: JsonClient, token: PushToken, boris: User
) -> None:
    address = factories.make_address(user=boris, value="https://push.example/2")
    theirs = replace(token, user_id=boris.pk, address_id=address.pk)
    assert press(anonymous, theirs).status_code == 404
    assert press(anonymous, replace(token, address_id=address.pk)).status_code == 401


def test_read_reads_it_and_a_second_time_changes_nothing(
    anonymous: JsonClient, token: PushToken, note: Notification
) -> None:
    assert press(anonymous, token).status_code == 204
    note.refresh_from_db()
    read_at = note.read_at
    assert (note.status, read_at is not None) == (Notification.Status.READ, True)
    assert press(anonymous, token).status_code == 204
    note.refresh_from_db()
    assert note.read_at == read_at


def test_snooze_puts_it_off_for_an_hour_and_then_there_is_nothing_to_put_off(
    anonymous: JsonClient, token: PushToken, note: Notification
) -> None:
    assert press(anonymous, token, "snooze").status_code == 204
    note.refresh_from_db()
    assert note.status == Notification.Status.QUEUED
    assert press(anonymous, token, "snooze").status_code == 409


def test_less_like_this_is_said(
    anonymous: JsonClient, token: PushToken, note: Notification
) -> None:
    assert press(anonymous, token, "less").status_code == 204
    row = Feedback.objects.get()
    assert (row.notification, row.kind) == (note, Feedback.Kind.LESS_LIKE_THIS)


def test_a_session_is_neither_asked_for_nor_used(
    api_for: ApiFor, boris: User, token: PushToken, note: Notification
) -> None:
    assert press(api_for(boris), token).status_code == 204
    note.refresh_from_db()
    assert note.read_at is not None
