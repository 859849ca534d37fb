import random
from datetime import datetime, timedelta
from ipaddress import IPv6Address
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, RefreshToken, User
from apps.accounts.services import login_limits, tokens
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.core.errors import Unauthorized
from apps.core.redis import client, connect
from apps.core.resilience import ratelimit
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
ACCESS, REFRESH = "/api/auth/token", "/api/auth/refresh"


@pytest.fixture
def dora(northwind: Business) -> User:
    """With an address no other run of the tests has used up the tries of."""
    email = f"dora-{uuid4()}@example.com"
    return factories.make_user(name="Dora", business=northwind, email=email, password=PASSWORD)


def from_somewhere() -> JsonClient:
    """A client whose peer address no other test has used."""
    return JsonClient(REMOTE_ADDR=str(IPv6Address(random.getrandbits(128))))


@pytest.fixture
def api() -> JsonClient:
    return from_somewhere()


def log_in(api: JsonClient, user: User) -> Any:
    answer = api.post(ACCESS, {"email": user.email, "password": PASSWORD})
    assert answer.status_code == 200
    return answer.json()


def recorded(kind: AuditType) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(type=kind))


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("{dora}", "wrong"),
        ("{dora}", PASSWORD.upper()),
        ("{dora}", PASSWORD + " "),
        ("{dora}.example", PASSWORD),
        ("no address {dora}", PASSWORD),
        ("{dora}' --", PASSWORD),
    ],
)
def test_a_wrong_pair_is_refused_without_saying_which_half(
    api: JsonClient, dora: User, email: str, password: str
) -> None:
    answer = api.post(ACCESS, {"email": email.format(dora=dora.email), "password": password})
    assert answer.status_code == 401
    assert answer.json()["detail"] == "Address or password is wrong"


def test_a_refused_login_is_recorded_without_the_address(api: JsonClient, dora: User) -> None:
    api.post(ACCESS, {"email": dora.email, "password": "wrong"})
    [event] = recorded(AuditType.AUTH_FAILED)
    assert dora.email not in f"{event.message} {event.metadata} {event.subject}"
    assert event.actor is None


def test_an_unknown_address_costs_a_hash_too(
    api: JsonClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | None] = []
    monkeypatch.setattr(User, "set_password", lambda _, password: hashed.append(password))
    api.post(ACCESS, {"email": f"{uuid4()}@example.com", "password": "guess"})
    assert hashed == ["guess"]


def test_a_person_who_was_switched_off_cannot_log_in(api: JsonClient, dora: User) -> None:
    User.objects.filter(pk=dora.pk).update(is_active=False)
    assert api.post(ACCESS, {"email": dora.email, "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "ana@example.com"},
        {"email": "ana@example.com", "password": 7},
        {"email": ["ana@example.com"], "password": "x"},
        {"email": "ana@example.com", "password": "x" * 1_025},
        {"email": "ana@example.com", "password": "x", "is_staff": True},
    ],
    ids=lambda body: str(body)[:40],
)
def test_a_body_of_another_shape_is_refused(api: JsonClient, body: Any) -> None:
    assert api.post(ACCESS, body).status_code == 422


def test_a_body_that_is_no_object_is_refused(api: JsonClient) -> None:
    assert api.post(ACCESS, []).status_code == 400


def test_too_many_tries_for_one_address_are_refused(
    api: JsonClient, dora: User, settings: Settings
) -> None:
    settings.RATE_LIMIT_LOGIN_PER_MINUTE = 2
    wrong = {"email": dora.email, "password": "wrong"}
    answers = [from_somewhere().post(ACCESS, wrong).status_code for _ in range(3)]
    assert answers == [401, 401, 429]


def test_too_many_tries_from_one_peer_are_refused(
    api: JsonClient, dora: User, settings: Settings
) -> None:
    settings.RATE_LIMIT_LOGIN_PER_MINUTE = 2
    for number in range(2):
        api.post(ACCESS, {"email": f"{number}-{uuid4()}@example.com", "password": "x"})
    answer = api.post(ACCESS, {"email": dora.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_without_redis_nobody_logs_in(
    api: JsonClient, dora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = ratelimit.RateLimiter(connect("redis://127.0.0.1:1/0"), on_failure="closed")
    monkeypatch.setattr(login_limits, "limiter", lambda _: nowhere)
    answer = api.post(ACCESS, {"email": dora.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert answer["Retry-After"]


def test_a_login_answers_with_a_pair_that_nobody_may_cache(api: JsonClient, dora: User) -> None:
    answer = api.post(ACCESS, {"email": f" {dora.email.upper()} ", "password": PASSWORD})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body.keys() == {"access", "refresh", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 900)


def test_a_login_is_recorded(api: JsonClient, dora: User) -> None:
    log_in(api, dora)
    [event] = recorded(AuditType.AUTH_SUCCEEDED)
    assert event.actor == dora


def test_the_access_token_opens_the_api(api: JsonClient, dora: User) -> None:
    access = log_in(api, dora)["access"]
    answer = JsonClient(headers={"Authorization": f"Bearer {access}"}).get("/v3/proactive/vips")
    assert answer.status_code == 200


def test_the_refresh_token_does_not_open_the_api(api: JsonClient, dora: User) -> None:
    token = log_in(api, dora)["refresh"]
    answer = JsonClient(headers={"Authorization": f"Bearer {token}"}).get("/v3/proactive/vips")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_only_the_digest_of_a_refresh_token_is_stored(api: JsonClient, dora: User) -> None:
    token = log_in(api, dora)["refresh"]
    [row] = RefreshToken.objects.filter(user=dora)
    assert token.encode() not in bytes(row.digest)
    assert len(bytes(row.digest)) == 32


@pytest.mark.parametrize("token", ["", "x", "vgr_unknown.0", "x" * 201])
def test_an_unknown_refresh_token_is_refused(api: JsonClient, token: str) -> None:
    assert api.post(REFRESH, {"refresh": token}).status_code in (401, 422)


def test_an_access_token_does_not_refresh(api: JsonClient, dora: User) -> None:
    access = log_in(api, dora)["access"]
    with pytest.raises(Unauthorized):
        tokens.refresh(access, now=timezone.now())


def test_a_refresh_token_makes_a_new_pair(api: JsonClient, dora: User) -> None:
    first = log_in(api, dora)
    second = api.post(REFRESH, {"refresh": first["refresh"]})
    assert second.status_code == 200
    assert second.json()["refresh"] != first["refresh"]
    assert api.post(REFRESH, {"refresh": second.json()["refresh"]}).status_code == 200


def test_a_used_refresh_token_ends_its_whole_family(api: JsonClient, dora: User) -> None:
    first = log_in(api, dora)["refresh"]
    second = api.post(REFRESH, {"refresh": first}).json()["refresh"]
    assert api.post(REFRESH, {"refresh": first}).status_code == 401
    assert api.post(REFRESH, {"refresh": second}).status_code == 401


def test_another_login_of_the_same_person_survives_that(api: JsonClient, dora: User) -> None:
    stolen, other = log_in(api, dora)["refresh"], log_in(api, dora)["refresh"]
    api.post(REFRESH, {"refresh": stolen})
    api.post(REFRESH, {"refresh": stolen})
    assert api.post(REFRESH, {"refresh": other}).status_code == 200


def test_reuse_is_recorded_once(api: JsonClient, dora: User) -> None:
    token = log_in(api, dora)["refresh"]
    for _ in range(3):
        api.post(REFRESH, {"refresh": token})
    [event] = recorded(AuditType.AUTH_TOKEN_REUSED)
    assert event.actor == dora


def test_an_expired_refresh_token_is_refused(dora: User, now: datetime) -> None:
    long_ago = now - timedelta(days=15)
    pair = tokens.log_in(dora.email, PASSWORD, peer=str(uuid4()), now=long_ago)
    with pytest.raises(Unauthorized):
        tokens.refresh(pair.refresh, now=now)


def test_a_new_password_ends_the_refresh_token_too(api: JsonClient, dora: User) -> None:
    token = log_in(api, dora)["refresh"]
    dora.set_password("another one entirely")
    dora.save()
    assert api.post(REFRESH, {"refresh": token}).status_code == 401


def test_a_person_who_was_switched_off_cannot_refresh(api: JsonClient, dora: User) -> None:
    token = log_in(api, dora)["refresh"]
    User.objects.filter(pk=dora.pk).update(is_active=False)
    assert api.post(REFRESH, {"refresh": token}).status_code == 401


def test_addresses_are_not_readable_in_redis(api: JsonClient, dora: User) -> None:
    log_in(api, dora)
    assert not [key for key in client().scan_iter("*") if dora.email.encode() in key]
