"""An address that was switched off: seen, and sent to again by its person or an operator."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.notifications.models import Address
from tests import factories
from tests.console import operator, page_of, staff
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

State = Address.State


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def off(user: User, reason: str, **values: object) -> Address:
    return factories.make_address(
        user=user, channel="email", state=State.OFF, off_reason=reason, off_at=NOON, **values
    )


def again(client: Client, public_id: object) -> int:
    return client.post(f"/preferences/addresses/{public_id}/on/").status_code


def state_of(row: Address) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.off_reason


def test_nobody_switches_on_an_address_that_is_not_theirs(
    ana: User, boris: User, browser: Client
) -> None:
    row = off(boris, "bounced")
    assert again(browser, row.public_id) == 404
    assert again(browser, uuid4()) == 404
    assert again(Client(), row.public_id) == 302
    assert state_of(row) == ("off", "bounced")


@pytest.mark.parametrize("reason", ["gone", "invalid"])
def test_what_is_not_there_is_sent_to_no_more(ana: User, browser: Client, reason: str) -> None:
    row = off(ana, reason)
    assert "Send there again" not in browser.get("/preferences/").content.decode()
    assert again(browser, row.public_id) == 302
    assert "add another one" in browser.get("/preferences/").content.decode()
    assert state_of(row) == ("off", reason)


@pytest.mark.parametrize("reason", ["bounced", "complained", "unsubscribed", "failing", "by_hand"])
def test_its_person_sees_why_and_has_mail_sent_there_again(
    ana: User, browser: Client, reason: str
) -> None:
    row = off(ana, reason)
    page = browser.get("/preferences/").content.decode()
    assert f"switched off ({row.get_off_reason_display()})" in page
    assert "Send there again" in page
    assert again(browser, row.public_id) == 302
    assert state_of(row) == ("active", "")
    [audited] = AuditEvent.objects.filter(message="Address switched on again")
    assert audited.metadata == {"channel": "email", "reason": reason}


def test_a_second_press_changes_nothing(ana: User, browser: Client) -> None:
    row = off(ana, "bounced")
    again(browser, row.public_id)
    assert again(browser, row.public_id) == 302
    assert AuditEvent.objects.filter(message="Address switched on again").count() == 1


def test_an_address_that_was_never_theirs_waits_for_verification(
    ana: User, browser: Client
) -> None:
    row = off(ana, "bounced", verified_at=None)
    assert again(browser, row.public_id) == 302
    assert state_of(row)[0] == "off"


def test_mail_without_an_address_goes_to_the_account(browser: Client) -> None:
    assert "the address of your account" in browser.get("/preferences/").content.decode()


def test_an_operator_switches_any_on_again(ana: User, now: datetime) -> None:
    row = off(ana, "gone")
    console = operator()
    page = console.get(page_of(row)).content.decode()
    assert "Send there again" in page
    assert row.value not in page
    console.post(page_of(row).replace("change/", "do/send-again/"))
    assert state_of(row) == ("active", "")


def test_who_may_only_look_switches_nothing_on(ana: User) -> None:
    row = off(ana, "gone")
    console = staff("notifications.view_address")
    assert "Send there again" not in console.get(page_of(row)).content.decode()
    answer = console.post(page_of(row).replace("change/", "do/send-again/"))
    assert answer.status_code == 403
    assert state_of(row) == ("off", "gone")
