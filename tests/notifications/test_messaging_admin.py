"""Caps and templates in the console: what makes no sense is a field error."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business
from apps.notifications.models import SpendCap, SpendCounter, WhatsAppTemplate
from tests import factories
from tests.console import fields_of, list_of, operator, page_of

SID = "HX" + "a1" * 16


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"channel": "fax"}, "channel"),
        ({"user_daily_micros": "-1"}, "user_daily_micros"),
        ({"tenant_monthly_micros": "9" * 30}, "tenant_monthly_micros"),
        ({"tenant_daily_micros": "ten"}, "tenant_daily_micros"),
        ({"business": ""}, "business"),
    ],
)
def test_a_cap_that_makes_no_sense_is_a_field_error(
    console: Client, northwind: Business, typed: dict[str, str], field: str
) -> None:
    fields = {"business": northwind.pk, "channel": "sms", **typed}
    shown = console.post(f"{list_of(SpendCap)}add/", fields)
    assert list(shown.context["adminform"].form.errors) == [field]


def test_a_tenant_has_one_row_of_caps_for_a_channel(console: Client, northwind: Business) -> None:
    factories.make_spend_cap(business=northwind)
    fields = {"business": northwind.pk, "channel": "sms"}
    shown = console.post(f"{list_of(SpendCap)}add/", fields)
    assert shown.context["adminform"].form.errors


def test_caps_are_changed_and_the_empty_one_is_the_settings(
    console: Client, northwind: Business
) -> None:
    row = factories.make_spend_cap(business=northwind, user_daily_micros=5)
    typed = {"user_daily_micros": "", "tenant_daily_micros": "0"}
    fields = {**fields_of(console, page_of(row)), **typed}
    assert console.post(page_of(row), fields).status_code == 302
    row.refresh_from_db()
    assert (row.user_daily_micros, row.tenant_daily_micros) == (None, 0)
    assert "as the settings say" in console.get(list_of(SpendCap)).content.decode()


def test_what_was_spent_is_looked_at_only(console: Client, northwind: Business) -> None:
    factories.make_spend_counter(business=northwind, spent_micros=1_230_000)
    assert "1.23 $" in console.get(list_of(SpendCounter)).content.decode()
    assert console.get(f"{list_of(SpendCounter)}add/").status_code == 403


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"content_sid": "HX1"}, "content_sid"),
        ({"content_sid": SID + "\n1"}, "content_sid"),
        ({"category": "gossip"}, "category"),
        ({"variables": "[1]"}, "variables"),
        ({"variables": '{"1": "password"}'}, "variables"),
        ({"variables": '{"1": ["title"]}'}, "variables"),
        ({"variables": '{"a b": "title"}'}, "variables"),
        ({"media_url": "http://vigil.example/bell.png"}, "media_url"),
        ({"media_url": "javascript:alert(1)"}, "media_url"),
    ],
    ids=str,
)
def test_a_template_that_makes_no_sense_is_a_field_error(
    console: Client, typed: dict[str, Any], field: str
) -> None:
    fields = {"content_sid": SID, "variables": "{}", **typed}
    shown = console.post(f"{list_of(WhatsAppTemplate)}add/", fields)
    assert list(shown.context["adminform"].form.errors) == [field]


def test_a_template_is_saved_for_everybody_and_anything(console: Client) -> None:
    fields = {"content_sid": SID, "variables": '{"1": "title"}', "category": ""}
    assert console.post(f"{list_of(WhatsAppTemplate)}add/", fields).status_code == 302
    row = WhatsAppTemplate.objects.get()
    assert (row.business, row.category, row.variables) == (None, "", {"1": "title"})
    assert console.post(f"{list_of(WhatsAppTemplate)}add/", fields).status_code == 200
    assert WhatsAppTemplate.objects.count() == 1
