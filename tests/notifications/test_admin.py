"""Preferences in the console obey the rules of every other door."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Business, User
from apps.notifications.models import ChannelPreference, Delivery, Notification, Preference
from tests import factories
from tests.console import fields_of, list_of, operator, page_of


@pytest.fixture
def console(db: None) -> Client:
    return operator()


@pytest.fixture
def preference(ana: User) -> Preference:
    return factories.make_preference(user=ana)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quiet_start": "22:00", "quiet_end": "22:00"}, "quiet_end"),
        ({"quiet_start": "22:00"}, "quiet_end"),
        ({"quiet_hours_enabled": "on"}, "quiet_start"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "europe/berlin"}, "time_zone"),
        ({"relevance_threshold": "1.5"}, "relevance_threshold"),
        ({"relevance_threshold": "nan"}, "relevance_threshold"),
        ({"categories": ["gossip"]}, "categories"),
        ({"digest_weekday": "7"}, "digest_weekday"),
        ({"quiet_ranges": "lunch"}, "quiet_ranges"),
        ({"quiet_ranges": '{"days": [0], "start": "12:00", "end": "13:00"}'}, "quiet_ranges"),
        ({"quiet_ranges": '[{"days": [7], "start": "12:00", "end": "13:00"}]'}, "quiet_ranges"),
    ],
)
def test_what_makes_no_sense_is_a_field_error(
    changes: dict[str, Any], field: str, console: Client, preference: Preference
) -> None:
    fields = fields_of(console, page_of(preference))
    shown = console.post(page_of(preference), {**fields, **changes})
    assert field in shown.context["adminform"].form.errors


def test_quiet_hours_over_midnight_are_saved(console: Client, preference: Preference) -> None:
    fields = fields_of(console, page_of(preference))
    quiet = {"quiet_hours_enabled": "on", "quiet_start": "22:00", "quiet_end": "07:00"}
    assert console.post(page_of(preference), {**fields, **quiet}).status_code == 302
    preference.refresh_from_db()
    assert preference.quiet_hours_enabled


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", []),
        (
            '[{"days": [5], "start": "12:00", "end": "12:00"}]',
            [{"days": [5], "start": "12:00", "end": "12:00"}],
        ),
    ],
)
def test_further_quiet_hours_are_saved(
    console: Client, preference: Preference, typed: str, stored: list[Any]
) -> None:
    fields = {**fields_of(console, page_of(preference)), "quiet_ranges": typed}
    assert console.post(page_of(preference), fields).status_code == 302
    preference.refresh_from_db()
    assert preference.quiet_ranges == stored


def test_no_category_chosen_means_all(console: Client, preference: Preference) -> None:
    console.post(page_of(preference), fields_of(console, page_of(preference)))
    preference.refresh_from_db()
    assert preference.categories is None


def test_an_unknown_channel_is_a_field_error(console: Client, ana: User) -> None:
    fields = {"user": ana.pk, "channel": "pigeon", "priority_threshold": 1}
    shown = console.post(f"{list_of(ChannelPreference)}add/", fields)
    assert "channel" in shown.context["adminform"].form.errors


def test_somebody_elses_aura_is_a_field_error(
    console: Client, ana: User, boris: User, northwind: Business
) -> None:
    aura = factories.make_aura(business=northwind, user=boris)
    fields = {"user": ana.pk, "aura": aura.pk, "channel": "in_app", "priority_threshold": 1}
    shown = console.post(f"{list_of(ChannelPreference)}add/", fields)
    assert "aura" in shown.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quiet_hours_enabled": "true"}, "quiet_start"),
        ({"quiet_hours_enabled": "true", "quiet_start": "22:00"}, "quiet_end"),
        (
            {"quiet_hours_enabled": "false", "quiet_start": "22:00", "quiet_end": "22:00"},
            "quiet_end",
        ),
        ({"time_zone": "Mars/X"}, "time_zone"),
        ({"channel": "in_app", "quiet_hours_enabled": "false"}, "quiet_hours_enabled"),
    ],
    ids=str,
)
def test_a_channels_quiet_hours_are_field_errors_too(
    console: Client, ana: User, typed: dict[str, str], field: str
) -> None:
    fields = {"user": ana.pk, "channel": "console", "priority_threshold": 1, **typed}
    shown = console.post(f"{list_of(ChannelPreference)}add/", fields)
    assert list(shown.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("model", [Notification, Delivery])
def test_more_rows_ask_no_more_questions(
    model: type[Any],
    console: Client,
    northwind: Business,
    ana: User,
    django_assert_max_num_queries: Any,
) -> None:
    def one_more() -> None:
        event = factories.make_event(business=northwind, user=ana)
        notification = factories.make_notification(event=event, user=ana)
        factories.make_delivery(notification=notification)

    one_more()
    with django_assert_max_num_queries(20) as few:
        console.get(list_of(model))
    one_more()
    one_more()
    with django_assert_max_num_queries(len(few)):
        console.get(list_of(model))


def test_a_category_that_is_sent_twice_is_kept_once(
    console: Client, preference: Preference
) -> None:
    fields = fields_of(console, page_of(preference))
    console.post(page_of(preference), {**fields, "categories": ["risk", "news", "risk"]})
    preference.refresh_from_db()
    assert preference.categories == ["risk", "news"]


def test_the_inbox_has_no_threshold_of_its_own(console: Client, ana: User) -> None:
    fields = {"user": ana.pk, "channel": "in_app", "priority_threshold": 5, "enabled": "on"}
    shown = console.post(f"{list_of(ChannelPreference)}add/", fields)
    assert "priority_threshold" in shown.context["adminform"].form.errors
