"""What somebody has been told lately, as inhibitions look at it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, User
from apps.core.crypto import blind_index
from apps.ingestion.services.linking import MAILBOX_CONTEXT
from apps.notifications.models import Notification
from apps.notifications.selectors import fired_since
from apps.rules.selectors import inhibitions
from apps.rules.types import Subject
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db
HOUR_AGO = NOON - timedelta(hours=1)


def told(user: User, business: Business, minutes_ago: int = 10, **values: Any) -> Notification:
    words = {"client": None, "thread_key": "", **values.pop("event", {})}
    event = factories.make_event(business=business, user=user, **words)
    values.setdefault("category", "risk")
    at = NOON - timedelta(minutes=minutes_ago)
    return factories.make_notification(event=event, user=user, now=at, **values)


def test_nobodys_inhibitions_ask_nothing(northwind: Business, ana: User) -> None:
    told(ana, northwind)
    rules = inhibitions({northwind.pk}, {ana.pk})
    with CaptureQueriesContext(connection) as asked:
        assert fired_since({(northwind.pk, ana.pk)}, rules, HOUR_AGO) == {}
    assert len(asked) == 0


def test_what_could_inhibit_is_found_as_it_was_told(northwind: Business, ana: User) -> None:
    acme = factories.make_client(business=northwind)
    told(ana, northwind, priority=9, event={"client": acme, "thread_key": "t1"})
    factories.make_inhibition(business=northwind)
    rules = inhibitions({northwind.pk}, {ana.pk})
    [fired] = fired_since({(northwind.pk, ana.pk)}, rules, HOUR_AGO)[northwind.pk, ana.pk]
    assert fired.at == NOON - timedelta(minutes=10)
    assert fired.subject == Subject(
        category="risk",
        event_type="GMAIL_NEW_GMAIL_MESSAGE",
        priority=9,
        client_id=acme.pk,
        senders=tuple(
            blind_index(sender, context=MAILBOX_CONTEXT)
            for sender in ("carla@acme.example", "@acme.example")
        ),
        thread="t1",
    )


def test_what_could_not_inhibit_is_left_out(
    northwind: Business, southbank: Business, ana: User, boris: User
) -> None:
    told(ana, northwind, 61)
    told(ana, northwind, category="message")
    told(ana, southbank)
    told(boris, northwind)
    factories.make_inhibition(business=northwind, user=ana)
    pairs = {(northwind.pk, ana.pk), (northwind.pk, boris.pk), (southbank.pk, ana.pk)}
    rules = inhibitions({northwind.pk, southbank.pk}, {ana.pk, boris.pk})
    assert fired_since(pairs, rules, HOUR_AGO) == {}


def test_everybodys_is_read_in_one_query_the_latest_of_each(
    northwind: Business, ana: User, boris: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.notifications.selectors.inhibiting.FIRED_LOOKBACK_ROWS", 2)
    for user in (ana, boris):
        for minutes in (30, 10, 20):
            told(user, northwind, minutes)
    factories.make_inhibition(business=northwind)
    pairs = {(northwind.pk, ana.pk), (northwind.pk, boris.pk)}
    rules = inhibitions({northwind.pk}, {ana.pk, boris.pk})
    with CaptureQueriesContext(connection) as asked:
        found = fired_since(pairs, rules, HOUR_AGO)
    assert len(asked) == 1
    ages = [[(NOON - one.at) // timedelta(minutes=1) for one in found[pair]] for pair in pairs]
    assert ages == [[20, 10], [20, 10]]
