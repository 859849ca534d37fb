import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.core.redis import connect
from apps.core.resilience import ratelimit
from tests import factories
from tests.factories.values import number

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-and-quiet-evening"


@pytest.fixture
def carla(northwind: Business) -> User:
    return factories.make_user(name="Carla", business=northwind, password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    """At an address of its own, so that tries of other tests are not counted with its."""
    return Client(REMOTE_ADDR=f"2001:db8::{number():x}")


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(
    browser: Client, carla: User
) -> None:
    response = browser.post("/login/", {"username": carla.email, "password": "wrong"})
    assert response.status_code == 200
    assert "Address or password is wrong." in response.content.decode()


def test_an_address_nobody_has_is_refused_alike(browser: Client) -> None:
    response = browser.post("/login/", {"username": "no@example.com", "password": PASSWORD})
    assert "Address or password is wrong." in response.content.decode()


def test_an_address_counts_in_any_spelling(browser: Client, carla: User) -> None:
    form = {"username": f" {carla.email.upper()}", "password": PASSWORD}
    response = browser.post("/login/", form)
    assert (response.status_code, response.headers["Location"]) == (302, "/inbox/")


def test_logging_in_leads_on_to_where_somebody_wanted_to_go(browser: Client, carla: User) -> None:
    form = {"username": carla.email, "password": PASSWORD, "next": "/inbox/held/"}
    assert browser.post("/login/", form).headers["Location"] == "/inbox/held/"


def test_logging_in_never_leads_to_a_strangers_page(browser: Client, carla: User) -> None:
    form = {"username": carla.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert browser.post("/login/", form).headers["Location"] == "/inbox/"


def test_too_many_tries_are_refused_with_the_right_password_too(
    browser: Client, carla: User, settings: Settings
) -> None:
    settings.RATE_LIMIT_LOGIN_PER_MINUTE = 1
    browser.post("/login/", {"username": carla.email, "password": "wrong"})
    response = browser.post("/login/", {"username": carla.email, "password": PASSWORD})
    assert response.status_code == 429
    assert "sessionid" not in browser.cookies


def test_nobody_logs_in_while_tries_cannot_be_counted(
    browser: Client, carla: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_SOCKET_TIMEOUT_MS = 50
    away = ratelimit.RateLimiter(connect("unix:///nowhere/redis.sock"), on_failure="closed")
    monkeypatch.setattr("apps.accounts.services.login_limits.limiter", lambda _: away)
    response = browser.post("/login/", {"username": carla.email, "password": PASSWORD})
    assert response.status_code == 503
    assert "sessionid" not in browser.cookies


def test_a_link_does_not_log_out(browser: Client, carla: User) -> None:
    browser.force_login(carla)
    browser.get("/logout/")
    assert browser.get("/inbox/").status_code == 200


def test_logging_out_ends_the_session(browser: Client, carla: User) -> None:
    browser.force_login(carla)
    browser.post("/logout/")
    assert browser.get("/inbox/").status_code == 302


def test_a_page_that_is_not_there_says_so_in_words(browser: Client) -> None:
    response = browser.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
