"""Numbers on the page of preferences, without a script."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Business, Consent, User
from apps.accounts.tiers import Tier
from apps.core.identifiers import uuid7
from apps.core.redis import client as redis
from apps.notifications.models import Address
from apps.notifications.types import OffReason
from tests import factories
from tests.notifications.channels.twilio_server import FakeTwilio, problem

pytestmark = pytest.mark.django_db

PATH = "/preferences/"
ADD = "/preferences/phones/sms/"
NUMBER = "+4915123456789"
State = Address.State


@pytest.fixture(autouse=True)
def fresh(twilio: FakeTwilio, northwind: Business, settings: Settings) -> Iterator[None]:
    Business.objects.update(tier=Tier.BUSINESS)
    settings.PHONE_VERIFICATIONS_AT_ONCE = 100
    redis().flushdb()
    yield
    redis().flushdb()


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def path_of(row: Address, what: str) -> str:
    return f"/preferences/phones/{row.public_id}/{what}/"


def shown(client: Client) -> str:
    return unescape(client.get(PATH).content.decode())


def test_nobody_adds_a_number_without_logging_in() -> None:
    answer = Client().post(ADD, {"number": NUMBER})
    assert (answer.status_code, Address.objects.count()) == (302, 0)


def test_a_form_of_another_site_is_refused(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post(ADD, {"number": NUMBER}).status_code == 403
    assert not Address.objects.exists()


def test_looking_is_not_adding(browser: Client) -> None:
    assert browser.get(ADD).status_code == 405


@pytest.mark.parametrize("channel", ["email", "fax"])
def test_another_channel_has_no_numbers(browser: Client, channel: str) -> None:
    assert browser.post(f"/preferences/phones/{channel}/", {"number": NUMBER}).status_code == 404


@pytest.mark.parametrize("typed", ["", "nonsense", '"><script>alert(1)</script>', "1" * 500])
def test_what_is_no_number_is_said_at_its_field(browser: Client, typed: str) -> None:
    answer = browser.post(ADD, {"number": typed})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'id="phone-sms"[^>]* aria-describedby="[^"]*phone-sms-error"', html)
    assert re.search(r'id="phone-sms-error" role="alert">This is', html)
    assert "<script>alert" not in html
    assert html.count('aria-invalid="true"') == 1


def test_what_was_typed_need_not_be_typed_again(browser: Client) -> None:
    answer = browser.post(ADD, {"number": "+49 30 1234567"})
    assert 'value="+49 30 1234567"' in answer.content.decode()


def test_a_number_is_added_verified_and_removed(browser: Client, twilio: FakeTwilio) -> None:
    answer = browser.post(ADD, {"number": " +49 1512 3456789 "})
    assert answer.headers["Location"] == "/preferences/?saved=sms#sms"
    row = Address.objects.get()
    html = shown(browser)
    assert "+49 … 789" in html
    assert "not verified yet" in html
    assert "5123456" not in html
    wrong = browser.post(path_of(row, "verify"), {"code": "000000"})
    assert wrong.status_code == 422
    assert f'id="phone-{row.public_id}-error" role="alert"' in wrong.content.decode()
    assert browser.post(path_of(row, "verify"), {"code": twilio.code}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.ACTIVE
    assert Consent.objects.get(purpose="sms").source == "page"
    assert "verified on" in shown(browser)
    assert browser.post(path_of(row, "remove")).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.off_reason) == (State.OFF, OffReason.BY_HAND)


def test_another_code_is_sent_to_a_number_that_waits_for_one(
    browser: Client, twilio: FakeTwilio
) -> None:
    browser.post(ADD, {"number": NUMBER})
    row = Address.objects.get()
    assert browser.post(path_of(row, "again")).status_code == 302
    assert [form["To"] for form in twilio.forms] == [[NUMBER], [NUMBER]]
    browser.post(path_of(row, "verify"), {"code": twilio.code})
    assert browser.post(path_of(row, "again")).status_code == 409


def test_what_twilio_says_is_told_without_the_number(browser: Client, twilio: FakeTwilio) -> None:
    twilio.refuse = [problem(429, 60203)]
    answer = browser.post(ADD, {"number": NUMBER})
    assert answer.status_code == 429
    assert "Too many codes were sent to this number" in answer.content.decode()


@pytest.mark.parametrize("what", ["verify", "again", "remove"])
def test_somebody_elses_number_does_not_exist(browser: Client, boris: User, what: str) -> None:
    theirs = factories.make_address(user=boris, channel="sms", value=NUMBER)
    assert browser.post(path_of(theirs, what), {"code": "424242"}).status_code == 404
    missing = f"/preferences/phones/{uuid7()}/{what}/"
    assert browser.post(missing, {"code": "424242"}).status_code == 404


def test_who_said_stop_reads_how_to_come_back(browser: Client, ana: User) -> None:
    off = {"state": State.OFF, "off_reason": OffReason.UNSUBSCRIBED}
    factories.make_address(user=ana, channel="sms", value=NUMBER, **off)
    assert "until it says START" in shown(browser)


def test_without_an_account_no_number_can_be_added(browser: Client, settings: Settings) -> None:
    settings.TWILIO_ACCOUNT_SID = ""
    html = shown(browser)
    assert "Add a mobile number" not in html
    assert html.count("not set up here yet") >= 2
    assert browser.post(ADD, {"number": NUMBER}).status_code == 503
