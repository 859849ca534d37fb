import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.accounts.tiers import Tier
from apps.notifications.models import Address
from apps.notifications.types import OffReason
from tests import factories
from tests.notifications.channels.push_service import VAPID_KEY, VAPID_PUBLIC

pytestmark = pytest.mark.django_db

STATE = "/preferences/push/"
PAGES = ("/inbox/", "/preferences/")
SCRIPTS = Path(project.BASE_DIR) / "static" / "push"


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = VAPID_KEY


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def test_nobody_is_told_whose_browser_it_is_without_logging_in(db: None) -> None:
    assert Client().get(STATE).status_code == 302


def test_the_worker_learns_who_is_logged_in_and_how_to_speak_for_them(
    browser: Client, ana: User
) -> None:
    answer = browser.get(STATE)
    state = answer.json()
    assert (state["user"], state["publicKey"]) == (str(ana.public_id), VAPID_PUBLIC)
    assert state["csrfToken"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_token_it_learns_is_the_one_that_counts(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    token = client.get(STATE).json()["csrfToken"]
    path = "/api/notifications/push/unsubscribe"
    body = {"endpoint": "https://push.example/1"}
    sent = {"content_type": "application/json", "headers": {"X-CSRFToken": token}}
    assert client.delete(path, body, content_type="application/json").status_code == 403
    assert client.delete(path, body, **sent).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_without_a_key_no_page_offers_push(browser: Client, settings: Settings, path: str) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    assert "data-push=" not in browser.get(path).content.decode()


def test_preferences_say_that_push_is_not_set_up(browser: Client, settings: Settings) -> None:
    card = r'id="web_push-name">Push\s*(<span class="state">not set up here yet)?'
    found = re.search(card, browser.get("/preferences/").content.decode())
    assert found is not None
    assert found[1] is None
    settings.VAPID_PRIVATE_KEY = ""
    found = re.search(card, browser.get("/preferences/").content.decode())
    assert found is not None
    assert found[1] is not None


@pytest.mark.parametrize("path", PAGES)
def test_a_tier_without_push_is_not_offered_it(
    browser: Client, northwind: Business, path: str
) -> None:
    Business.objects.update(tier=Tier.FREE)
    assert "data-push=" not in browser.get(path).content.decode()


def test_somebody_without_a_business_is_offered_none(db: None) -> None:
    client = Client()
    client.force_login(factories.make_user(name="Nora"))
    assert "data-push=" not in client.get("/inbox/").content.decode()
    assert client.get(STATE).json()["publicKey"] == ""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_offers_push_and_asks_for_nothing_by_itself(
    browser: Client, ana: User, path: str
) -> None:
    html = browser.get(path).content.decode()
    box = html.partition("data-push=")[2].partition("</div>")[0]
    assert f'data-key="{VAPID_PUBLIC}"' in box
    assert f'data-user="{ana.public_id}"' in box
    assert 'role="status"' in box
    assert '<button class="button" type="button"' in box
    assert "push/push.js" in html


def test_a_browser_that_is_off_is_not_listed(browser: Client, ana: User) -> None:
    off = {"state": Address.State.OFF, "off_reason": OffReason.GONE}
    factories.make_address(user=ana, label="Firefox on Linux")
    factories.make_address(user=ana, label="Edge on Windows", **off)
    html = browser.get("/preferences/").content.decode()
    assert ("Firefox on Linux" in html, "Edge on Windows" in html) == (True, False)


def test_permission_is_asked_for_in_one_place_and_only_when_it_is_pressed() -> None:
    asking = [path.name for path in SCRIPTS.glob("*.js") if "requestPermission" in path.read_text()]
    assert asking == ["push.js"]
    source = (SCRIPTS / "push.js").read_text()
    assert source.count("requestPermission") == 1
    assert re.search(r"async function press\(\) \{[^}]*requestPermission", source)
    assert 'button.addEventListener("click", pressed)' in source


def test_the_worker_is_in_charge_of_every_page_under_the_policy_of_all() -> None:
    answer = Client().get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.content.decode() == (SCRIPTS / "service-worker.js").read_text()


def test_what_a_push_opens_is_on_the_page(browser: Client, ana: User, northwind: Business) -> None:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=event)
    note = factories.make_notification(event=event, user=ana)
    assert f'id="entry-{note.public_id}"' in browser.get("/inbox/").content.decode()
