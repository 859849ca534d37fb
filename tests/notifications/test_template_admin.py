"""Templates in the console: refused with their place, tried on what was really told."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.notifications.models import MessageTemplate
from tests import factories
from tests.console import fields_of, list_of, operator, page_of, staff

ADD = f"{list_of(MessageTemplate)}add/"


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def event(northwind: Business, ana: User) -> Event:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_notification(event=event, user=ana, title="Offer <b>", body="Look & see")
    return event


def post(console: Client, **typed: Any) -> Any:
    return console.post(ADD, {**fields_of(console, ADD), "name": "Ours", **typed})


@pytest.mark.parametrize("name", ["title_source", "body_source"])
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{{ user.password }}", "Line 1, column 4: there is no &#x27;user&#x27;"),
        ("{% load x %}{{ title", "Line 1, column 13: this field is never closed"),
        ("{{ title|ljust:9 }}", "there is no filter"),
    ],
)
def test_what_is_not_valid_is_not_saved(
    console: Client, name: str, source: str, reason: str
) -> None:
    page = post(console, **{name: source})
    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not MessageTemplate.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "fax"),
        ("category", "gossip"),
        ("variant", "c"),
        ("weight", "0"),
        ("weight", "101"),
        ("title_source", ""),
        ("title_source", "x" * 501),
        ("body_source", "x" * 4_001),
    ],
)
def test_what_makes_no_sense_is_a_field_error(console: Client, name: str, value: str) -> None:
    assert name in post(console, **{name: value}).context["adminform"].form.errors


def test_a_second_active_one_is_a_form_error(console: Client) -> None:
    factories.make_message_template()
    page = post(console, active="on").content.decode()
    assert "Another active template is for the same" in page


def test_a_template_is_saved(console: Client) -> None:
    assert post(console, title_source="Vigil: {{ title }}", channel="slack").status_code == 302
    assert MessageTemplate.objects.get().title_source == "Vigil: {{ title }}"


def test_it_is_tried_on_a_recorded_event_and_nothing_is_saved(
    console: Client, event: Event
) -> None:
    page = post(
        console,
        title_source="Now: {{ title | upper }}",
        channel="slack",
        sample=str(event.public_id),
        _try="1",
    ).content.decode()
    assert "Now: OFFER &lt;B&gt;" in page
    assert "Look &amp; see" in page
    assert "Title 14 of 150 characters, body 10 of 10000." in page
    assert not MessageTemplate.objects.exists()


def test_without_an_event_the_last_one_told_is_taken(console: Client, event: Event) -> None:
    page = post(console, _try="1").content.decode()
    assert f"As it would have told event {event.public_id}" in page


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        ("not an id", "This is not the id of an event"),
        ("01a1fbe1-0000-7000-8000-000000000000", "No such event was told to anybody"),
    ],
)
def test_an_event_that_is_none_is_said(
    console: Client, event: Event, sample: str, reason: str
) -> None:
    assert reason in post(console, sample=sample, _try="1").content.decode()


def test_another_business_s_event_is_none_of_a_business_s_template(
    console: Client, event: Event, southbank: Business
) -> None:
    page = post(console, business=southbank.pk, sample=str(event.public_id), _try="1")
    assert "No such event was told to anybody" in page.content.decode()


def test_a_one_time_code_is_not_shown(console: Client, northwind: Business, ana: User) -> None:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_notification(
        event=event, user=ana, category=Category.SECURITY_CODE, title="482913 is your code"
    )
    page = post(console, sample=str(event.public_id), _try="1").content.decode()
    assert "As it would have told event" in page
    assert "482913" not in page


def test_who_may_not_read_notifications_tries_nothing(event: Event) -> None:
    writer = staff("notifications.add_messagetemplate", "notifications.view_messagetemplate")
    page = post(writer, sample=str(event.public_id), _try="1").content.decode()
    assert "You may not read what people were told" in page
    assert "Offer" not in page


def test_the_list_is_shown(console: Client) -> None:
    template = factories.make_message_template()
    assert template.name in console.get(list_of(MessageTemplate)).content.decode()
    assert console.get(page_of(template)).status_code == 200
