"""Snoozing from the inbox, without scripts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.notifications.models import Notification
from apps.rules.models import Silence
from tests import factories

pytestmark = pytest.mark.django_db

SNOOZE, END = "/inbox/snooze/", "/inbox/snooze/end/"


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def page(client: Client) -> str:
    return client.get("/inbox/").content.decode()


@pytest.mark.parametrize("path", [SNOOZE, END])
def test_nobody_snoozes_without_logging_in_or_a_business(db: None, path: str) -> None:
    stranger = Client()
    assert stranger.post(path, {"for": "hour"}).status_code == 302
    stranger.force_login(factories.make_user(name="Nora"))
    assert stranger.post(path, {"for": "hour"}).status_code == 403
    assert not Silence.objects.exists()


@pytest.mark.parametrize("path", [SNOOZE, END])
def test_a_link_or_a_form_of_another_site_snoozes_nobody(
    browser: Client, ana: User, path: str
) -> None:
    assert browser.get(path).status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ana)
    assert careful.post(path, {"for": "hour"}).status_code == 403


@pytest.mark.parametrize("typed", [{}, {"for": ""}, {"for": "week"}])
def test_a_snooze_nobody_offered_is_refused(browser: Client, typed: dict[str, str]) -> None:
    assert browser.post(SNOOZE, typed).status_code == 400
    assert not Silence.objects.exists()


def test_the_page_offers_both_and_says_until_when(
    browser: Client, ana: User, now: datetime
) -> None:
    html = page(browser)
    assert 'value="hour"' in html
    assert 'value="tomorrow"' in html
    answer = browser.post(SNOOZE, {"for": "hour"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/")
    [silence] = Silence.objects.filter(user=ana)
    assert silence.expires_at - now >= timedelta(hours=1)
    html = page(browser)
    assert f"{silence.expires_at:%a %H:%M}</time>" in html
    assert 'aria-label="Snooze: 1 hour"' not in html


def test_the_time_is_on_the_persons_own_clock(
    browser: Client, ana: User, northwind: Business
) -> None:
    factories.make_preference(user=ana, time_zone="Asia/Kathmandu")
    until = (datetime.now(UTC) + timedelta(days=2)).replace(hour=1, minute=0)
    factories.make_silence(business=northwind, user=ana, expires_at=until)
    assert f"{until:%a} 06:45</time>" in page(browser)


def test_tomorrow_begins_on_the_clock_the_person_is_judged_by(browser: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(time_zone="UTC")
    factories.make_preference(user=ana, time_zone="Pacific/Auckland")
    browser.post(SNOOZE, {"for": "tomorrow"})
    until = Silence.objects.get(user=ana).expires_at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert (until.hour, until.minute) == (8, 0)


def test_it_is_ended_with_a_button(browser: Client, ana: User) -> None:
    browser.post(SNOOZE, {"for": "tomorrow"})
    assert END in page(browser)
    assert browser.post(END).status_code == 302
    assert not Silence.objects.filter(ended_at=None).exists()
    assert "Snoozed until" not in page(browser)


def test_a_silence_of_some_things_or_of_somebody_else_is_no_snooze(
    browser: Client, ana: User, boris: User, northwind: Business
) -> None:
    factories.make_silence(business=northwind, user=ana, category="news")
    factories.make_silence(business=northwind, user=boris)
    factories.make_silence(business=northwind)
    assert "Snoozed until" not in page(browser)


@pytest.fixture
def row(northwind: Business, ana: User, now: datetime) -> Notification:
    event = factories.make_event(business=northwind, user=ana)
    return factories.make_notification(event=event, user=ana, now=now)


def test_one_entry_is_snoozed_from_its_own_form(browser: Client, row: Notification) -> None:
    path = f"/inbox/{row.public_id}/snooze/"
    assert path in page(browser)
    answer = browser.post(path, {"for": "hour", "next": "/inbox/?show=unread"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/?show=unread")
    html = page(browser)
    assert "It comes back at" in html
    assert path not in html
    assert "You snoozed it." in browser.get("/inbox/held/").content.decode()
    assert browser.post(path, {"for": "hour"}).status_code == 302
    assert "is not in the inbox" in page(browser)


def test_one_entry_is_snoozed_by_its_reader_for_what_is_offered(
    browser: Client, row: Notification, boris: User
) -> None:
    path = f"/inbox/{row.public_id}/snooze/"
    assert browser.post(path, {"for": "week"}).status_code == 400
    other = Client()
    other.force_login(boris)
    assert other.post(path, {"for": "hour"}).status_code == 404
    row.refresh_from_db()
    assert row.status == "delivered"
