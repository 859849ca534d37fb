"""Hooks on the page of preferences, as a browser without scripts uses them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.notifications.engines.hook_secrets import first_secret, valid_secrets
from apps.notifications.models import Address, Delivery
from tests import factories

pytestmark = pytest.mark.django_db

PATH = "/preferences/hooks/"
URL = "https://receiver.example/vigil/0123456789abcdef"


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


@pytest.fixture
def hook(ana: User) -> Address:
    return factories.make_address(
        user=ana,
        channel="webhook",
        value=URL,
        label="Ours",
        hint="https://receiver.example/…cdef",
        details=first_secret("whsec_old"),
    )


def add(client: Client, **typed: str) -> tuple[int, str]:
    values = {"channel": "webhook", "url": URL, "label": "", **typed}
    answer = client.post(PATH, {f"hook-{name}": value for name, value in values.items()})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "path", [PATH, *(f"{PATH}{factories.values.NOON:%Y}/{word}/" for word in ("rotate",))]
)
def test_nobody_gets_at_hooks_by_a_link(browser: Client, path: str) -> None:
    assert browser.get(path).status_code in (404, 405)


def test_nobody_adds_a_hook_without_logging_in(db: None) -> None:
    assert add(Client())[0] == 302
    assert not Address.objects.exists()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"url": "http://receiver.example/"}, "Only https:// addresses are allowed."),
        ({"url": "https://127.0.0.1/"}, "This address is not public."),
        ({"url": "https://hooks.slack.com/services/T"}, "Add this address as slack"),
        ({"channel": "slack"}, "not the URL of an incoming webhook of Slack"),
        ({"url": ""}, "This field is required."),
        ({"channel": "fax"}, "Select a valid choice"),
        ({"label": "x" * 81}, "at most 80 characters"),
        ({"url": "x" * 5_000}, "A URL may have 2000 characters."),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    browser: Client, typed: dict[str, str], reason: str
) -> None:
    status, page = add(browser, **typed)
    assert status == 422
    assert reason in page
    assert not Address.objects.exists()


def test_a_secret_is_shown_once(browser: Client) -> None:
    status, page = add(browser, label="Ours")
    secret = valid_secrets(Address.objects.get().details or {}, factories.values.NOON)[0]
    assert status == 200
    assert secret in page
    listed = browser.get("/preferences/").content.decode()
    assert "Ours" in listed
    assert "https://receiver.example/…cdef" in listed
    assert secret not in listed
    assert URL not in listed


def test_the_same_hook_again_is_refused_in_words(browser: Client, hook: Address) -> None:
    status, page = add(browser)
    assert status == 422
    assert "You have this hook already." in page


def test_a_new_secret_is_shown_and_both_are_said_to_sign(browser: Client, hook: Address) -> None:
    page = browser.post(f"{PATH}{hook.public_id}/rotate/").content.decode()
    hook.refresh_from_db()
    assert valid_secrets(hook.details or {}, hook.updated_at)[0] in page
    assert "Its former secret signs until" in page


def test_a_failing_hook_says_so(browser: Client, hook: Address, now: datetime) -> None:
    since = now - timedelta(days=4)
    Address.objects.update(failing_since=since, warned_at=now - timedelta(days=1))
    page = browser.get("/preferences/").content.decode()
    assert "failing since" in page
    assert "it will be switched off soon" in page


def test_one_that_is_off_is_switched_on_again(browser: Client, hook: Address) -> None:
    Address.objects.update(state="off", off_reason="failing")
    assert "off: failing" in browser.get("/preferences/").content.decode()
    answer = browser.post(f"{PATH}{hook.public_id}/enable/")
    assert answer.headers["Location"] == "/preferences/?saved=hooks#hooks"
    hook.refresh_from_db()
    assert hook.state == Address.State.ACTIVE


def test_one_is_taken_away(browser: Client, hook: Address) -> None:
    browser.post(f"{PATH}{hook.public_id}/remove/")
    page = browser.get("/preferences/").content.decode()
    assert "Ours" not in page
    assert browser.post(f"{PATH}{hook.public_id}/remove/").status_code == 302


def test_what_it_missed_is_sent_again(
    browser: Client, hook: Address, northwind: Business, ana: User, now: datetime
) -> None:
    note = factories.make_notification(
        event=factories.make_event(business=northwind, user=ana), user=ana, now=now
    )
    lost = factories.make_delivery(
        notification=note,
        channel="webhook",
        address=hook,
        state=Delivery.State.DEAD,
        due_at=now,
        finished_at=now - timedelta(minutes=5),
    )
    page = browser.post(f"{PATH}{hook.public_id}/recover/", {"hours": 1}).content.decode()
    assert "1 sent again, 0 too old to be told." in page
    lost.refresh_from_db()
    assert lost.state == Delivery.State.RETRY


@pytest.mark.parametrize("hours", ["", "2", "-1", "x"])
def test_since_when_is_one_of_the_choices(browser: Client, hook: Address, hours: str) -> None:
    answer = browser.post(f"{PATH}{hook.public_id}/recover/", {"hours": hours})
    assert answer.status_code == 422
    assert "Choose since when." in answer.content.decode()


def test_a_hook_that_is_off_says_what_to_do_first(browser: Client, hook: Address) -> None:
    Address.objects.update(state="off", off_reason="failing")
    answer = browser.post(f"{PATH}{hook.public_id}/recover/", {"hours": 1})
    assert answer.status_code == 409
    assert "Switch this hook on first." in answer.content.decode()


def test_nobody_touches_the_hooks_of_others(hook: Address, boris: User) -> None:
    client = Client()
    client.force_login(boris)
    for word in ("rotate", "enable", "remove", "recover"):
        client.post(f"{PATH}{hook.public_id}/{word}/", {"hours": 1})
    before = hook.details
    hook.refresh_from_db()
    assert (hook.state, hook.details) == (Address.State.ACTIVE, before)
    assert "receiver.example" not in client.get("/preferences/").content.decode()


def test_a_form_of_another_site_is_refused(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert add(client)[0] == 403
    assert not Address.objects.exists()


def test_every_control_has_a_name(browser: Client, hook: Address) -> None:
    page = browser.get("/preferences/").content.decode()
    part = page[page.index('id="hooks"') : page.index('id="consent"')]
    for name in ("channel", "url", "label"):
        assert f'for="id_hook-{name}"' in part
    for button in ("Send again", "New secret", "Remove"):
        assert f'{button}<span class="unseen">' in part
