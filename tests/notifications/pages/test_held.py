from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.notifications.models import Decision, Notification
from apps.notifications.selectors.inbox import PAGE_ROWS
from apps.notifications.types import Outcome, Reason
from tests import factories

pytestmark = pytest.mark.django_db

PAGE_QUERIES = 5


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def decided(
    user: User, business: Business, outcome: Outcome, reason: Reason, **values: Any
) -> Decision:
    event = factories.make_event(business=business, user=user, title=str(values.pop("title", "Hi")))
    factories.make_classification(event=event)
    return factories.make_decision(event=event, user=user, outcome=outcome, reason=reason, **values)


def page(client: Client) -> str:
    response = client.get("/inbox/held/")
    assert response.status_code == 200
    return response.content.decode()


def test_what_was_told_at_once_was_not_held_back(
    browser: Client, ana: User, northwind: Business
) -> None:
    decided(ana, northwind, Outcome.NOTIFY_NOW, Reason.PASSED)
    assert "Nothing was held back" in page(browser)


def test_what_a_colleague_was_not_told_is_not_shown(
    browser: Client, boris: User, northwind: Business
) -> None:
    decided(boris, northwind, Outcome.DROP, Reason.CATEGORY_MUTED)
    assert "Nothing was held back" in page(browser)


def test_what_is_older_than_a_day_is_not_shown(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    decided(ana, northwind, Outcome.DROP, Reason.REDUNDANT, created_at=now - timedelta(hours=25))
    assert "Nothing was held back" in page(browser)


@pytest.mark.parametrize(
    ("outcome", "reason", "fate", "sentence"),
    [
        (Outcome.DROP, Reason.CATEGORY_MUTED, "Not told", "You muted this category."),
        (Outcome.DEFER, Reason.QUIET_HOURS, "Waits until", "It came in your quiet hours."),
        (Outcome.DIGEST, Reason.BATCHED, "In your digest", "You asked to be told in batches."),
    ],
)
def test_what_was_held_back_says_what_becomes_of_it_and_why(
    browser: Client,
    ana: User,
    northwind: Business,
    outcome: Outcome,
    reason: Reason,
    fate: str,
    sentence: str,
) -> None:
    decided(ana, northwind, outcome, reason, title="Lunch on Friday")
    html = page(browser)
    assert "Lunch on Friday" in html
    assert fate in html
    assert sentence in html


def test_what_arrived_since_says_when(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    decision = decided(ana, northwind, Outcome.DEFER, Reason.QUIET_HOURS)
    factories.make_notification(event=decision.event, user=ana, decision=decision, now=now)
    assert Notification.objects.count() == 1
    assert f"Told later, at {now:%H:%M}" in page(browser)


def test_what_was_put_off_once_more_says_until_when(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    decision = decided(ana, northwind, Outcome.DEFER, Reason.QUIET_HOURS, due_at=now)
    row = factories.make_notification(
        event=decision.event, user=ana, decision=decision, status=Notification.Status.QUEUED
    )
    until = now + timedelta(hours=3)
    factories.make_delivery(notification=row, due_at=until, reason="snoozed")
    assert f"Waits until {until:%a %H:%M}" in page(browser)


def test_what_was_set_aside_says_why(browser: Client, ana: User, northwind: Business) -> None:
    decision = decided(ana, northwind, Outcome.DEFER, Reason.QUIET_HOURS)
    factories.make_notification(
        event=decision.event,
        user=ana,
        decision=decision,
        status=Notification.Status.EXPIRED,
        moot_reason="silenced",
    )
    assert "Not told in the end: something was silenced<" in page(browser)


def test_what_was_held_back_shows_what_a_model_wrote(
    browser: Client, ana: User, northwind: Business
) -> None:
    decision = decided(ana, northwind, Outcome.DROP, Reason.REDUNDANT)
    factories.make_insight(event=decision.event, text="It ends <b>in June</b>.")
    assert "It ends &lt;b&gt;in June&lt;/b&gt;." in page(browser)


def test_hostile_titles_are_shown_as_text(browser: Client, ana: User, northwind: Business) -> None:
    decided(ana, northwind, Outcome.DROP, Reason.REDUNDANT, title="<script>alert(1)</script>")
    assert "<script>alert" not in page(browser)


def test_a_full_page_costs_few_queries(
    browser: Client,
    ana: User,
    northwind: Business,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(PAGE_ROWS):
        decision = decided(ana, northwind, Outcome.DROP, Reason.REDUNDANT)
        factories.make_insight(event=decision.event)
    with django_assert_max_num_queries(PAGE_QUERIES):
        page(browser)
