"""News names no address: whom it is about stands in its headline."""

from datetime import datetime
from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.core.signing import Scheme
from apps.ingestion.models import Event, Source
from apps.notifications.models import Decision
from tests import factories
from tests.flows.conftest import Drain, Outsider, make_outsider

pytestmark = pytest.mark.django_db


@pytest.fixture
def newsroom(northwind: Business, ana: User, boris: User) -> Outsider:
    """News for everybody at Northwind."""
    audience = Source.Audience.MEMBERS
    return make_outsider(northwind, "radar", "generic", Scheme.STANDARD_WEBHOOKS, audience=audience)


def news(title: str, **data: Any) -> dict[str, Any]:
    return {"type": "news.article", "data": {"title": title, "priority": 8, **data}}


def test_news_about_a_client_is_told_to_whom_looks_after_it(
    newsroom: Outsider, northwind: Business, ana: User, boris: User, drain: Drain, now: datetime
) -> None:
    acme = factories.make_client(business=northwind, name="Acme Mills", domains=("acme.example",))
    factories.make_client(business=northwind, name="Globex", domains=("globex.example",))
    factories.make_assignment(client=acme, user=ana)
    for user in (ana, boris):
        factories.make_preference(user=user, assigned_clients_only=True)
    assert newsroom.post(news("ACME MILLS raises $40M")).status == 202
    drain(now)
    assert Event.objects.get().client == acme
    reasons = dict(Decision.objects.values_list("user", "reason"))
    assert reasons[boris.pk] == "not_assigned"
    assert reasons[ana.pk] != "not_assigned"


@pytest.mark.parametrize("title", ["Acme Mills sues Globex", "Mills close"])
def test_news_about_two_clients_or_none_is_about_nobodys(
    title: str, newsroom: Outsider, northwind: Business, drain: Drain, now: datetime
) -> None:
    factories.make_client(business=northwind, name="Acme Mills")
    factories.make_client(business=northwind, name="Globex", domains=())
    newsroom.post(news(title))
    drain(now)
    assert Event.objects.get().client is None


def test_a_domain_says_more_than_a_headline(
    newsroom: Outsider, northwind: Business, drain: Drain, now: datetime
) -> None:
    factories.make_client(business=northwind, name="Acme Mills", domains=())
    globex = factories.make_client(business=northwind, name="Globex", domains=("globex.example",))
    newsroom.post(news("Acme Mills is our partner", sender="Globex <press@globex.example>"))
    drain(now)
    assert Event.objects.get().client == globex


def test_a_client_of_another_business_or_of_the_past_is_not_looked_for(
    newsroom: Outsider, northwind: Business, southbank: Business, drain: Drain, now: datetime
) -> None:
    factories.make_client(business=southbank, name="Acme Mills")
    factories.make_client(business=northwind, name="Globex", is_active=False)
    newsroom.post(news("Acme Mills grows"))
    newsroom.post(news("Globex shrinks"))
    drain(now)
    assert set(Event.objects.values_list("client", flat=True)) == {None}


def test_a_mail_is_linked_by_its_addresses_alone(
    mailroom: Outsider, mail: Any, northwind: Business, drain: Drain, now: datetime
) -> None:
    factories.make_client(business=northwind, name="Acme Mills", domains=("acme.example",))
    mailroom.post(mail(subject="About Acme Mills", text="See below."))
    drain(now)
    assert Event.objects.get().client is None
