from collections.abc import Mapping
from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client

from apps.accounts.authentication import user_of_headers
from apps.accounts.models import User
from apps.accounts.services.access_tokens import issue_access
from tests import factories
from tests.conftest import ApiFor, JsonClient

pytestmark = pytest.mark.django_db

VIPS = "/v3/proactive/vips"


def session_of(user: User) -> dict[str, str]:
    browser = Client()
    browser.force_login(user)
    return {settings.SESSION_COOKIE_NAME: browser.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "Token x", "bearer a.b.c"]
)
def test_without_a_good_credential_the_answer_is_401(header: str) -> None:
    answer = JsonClient(headers={"Authorization": header}).get(VIPS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "unauthorized"


def test_a_wrong_token_is_not_made_good_by_a_session(ana: User) -> None:
    api = JsonClient(headers={"Authorization": "Bearer wrong"})
    api.force_login(ana)
    assert api.get(VIPS).status_code == 401


def test_somebody_without_a_business_is_refused(api_for: ApiFor) -> None:
    assert api_for(factories.make_user(name="Nora")).get(VIPS).status_code == 403


def test_a_session_without_the_csrf_token_cannot_write(ana: User) -> None:
    api = JsonClient(enforce_csrf_checks=True)
    api.force_login(ana)
    assert api.post(VIPS, {"address": "carla@acme.example"}).status_code == 403


def test_a_session_opens_the_api(ana: User) -> None:
    api = JsonClient()
    api.force_login(ana)
    assert api.get(VIPS).status_code == 200


@pytest.mark.parametrize(
    ("headers", "cookies"),
    [
        ({}, {}),
        ({"authorization": "Bearer x"}, {}),
        ({"authorization": "Basic x"}, {}),
        ({}, {"sessionid": "unknown"}),
        ({}, {"sessionid": "../../etc/passwd"}),
        ({}, {"sessionid": "x" * 5_000}),
    ],
)
def test_a_stream_without_a_good_credential_is_nobodys(
    headers: Mapping[str, str], cookies: Mapping[str, str]
) -> None:
    assert user_of_headers(headers, cookies) is None


def test_a_wrong_token_on_a_stream_is_not_made_good_by_a_session(ana: User) -> None:
    assert user_of_headers({"authorization": "Bearer x"}, session_of(ana)) is None


def test_a_session_of_a_former_password_opens_no_stream(ana: User) -> None:
    cookies = session_of(ana)
    ana.set_password("another one entirely")
    ana.save()
    assert user_of_headers({}, cookies) is None


def test_a_session_opens_a_stream(ana: User) -> None:
    assert user_of_headers({}, session_of(ana)) == ana


def test_a_token_opens_a_stream(ana: User, now: datetime) -> None:
    assert user_of_headers({"authorization": f"Bearer {issue_access(ana, now=now)}"}, {}) == ana
