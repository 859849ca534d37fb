import re
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, Consent, User
from apps.accounts.tiers import Tier
from apps.notifications.models import ChannelPreference, Preference
from tests import factories
from tests.notifications import careful

pytestmark = pytest.mark.django_db

PATH = "/preferences/"
# Session, person, business three times, both tables, consents.
PAGE_QUERIES = 9


@pytest.fixture
def browser(ana: User) -> Client:
    client = Client()
    client.force_login(ana)
    return client


LUNCH = {
    "quiet_ranges-0-days": ["0", "4"],
    "quiet_ranges-0-start": "12:00",
    "quiet_ranges-0-end": "13:00",
}


def form_of(client: Client, **typed: Any) -> dict[str, Any]:
    """What a browser would send, with some fields typed over."""
    form = client.get(PATH).context["form"]
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in {**values, **typed}.items() if value not in (None, "")}


def channel_form(client: Client, channel: str, **typed: Any) -> dict[str, Any]:
    version = client.get(PATH).context["form"]["version"].value()
    values = {"version": version, "enabled": "on", "priority_threshold": 1, **typed}
    return {f"{channel}-{name}": value for name, value in values.items()}


def test_nobody_sees_preferences_without_logging_in(db: None) -> None:
    response = Client().get(PATH)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/login/?next=/preferences/",
    )


def test_somebody_without_a_business_has_no_preferences(db: None) -> None:
    client = Client()
    client.force_login(factories.make_user(name="Nora"))
    answer = client.get(PATH)
    assert answer.status_code == 403
    assert "You do not belong to any business." in answer.content.decode()
    assert "open for too long" not in answer.content.decode()


def test_a_form_of_another_site_is_refused(ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    answer = client.post(PATH, {"enabled": "on"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"quiet_start": "22:00"}, "quiet_start"),
        ({"quiet_start": "22:00", "quiet_end": "22:00"}, "quiet_start"),
        ({"quiet_hours_enabled": "on"}, "quiet_start"),
        ({"quiet_start": "24:00", "quiet_end": "07:00"}, "quiet_start"),
        ({"quiet_start": "22:00", "quiet_end": "7:5"}, "quiet_end"),
        ({"quiet_start": "25:61", "quiet_end": "07:00"}, "quiet_start"),
        ({"digest_time": ""}, "digest_time"),
        ({"digest_time": "noon"}, "digest_time"),
        ({"digest_weekday": "7"}, "digest_weekday"),
        ({"time_zone": "Mars/X"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": " UTC"}, "time_zone"),
        ({"relevance_threshold": "1.01"}, "relevance_threshold"),
        ({"relevance_threshold": "nan"}, "relevance_threshold"),
        ({"relevance_threshold": ""}, "relevance_threshold"),
        ({"categories": []}, "categories"),
        ({"categories": ["gossip"]}, "categories"),
        ({"min_urgency": "urgent"}, "min_urgency"),
        ({"frequency": "hourly"}, "frequency"),
        ({"quiet_policy": "shout"}, "quiet_policy"),
        ({**LUNCH, "quiet_ranges-0-days": []}, "quiet_ranges"),
        ({**LUNCH, "quiet_ranges-0-days": ["7"]}, "quiet_ranges"),
        ({**LUNCH, "quiet_ranges-0-days": ["0", "0"]}, "quiet_ranges"),
        ({**LUNCH, "quiet_ranges-0-end": ""}, "quiet_ranges"),
        ({**LUNCH, "quiet_ranges-0-start": "24:00"}, "quiet_ranges"),
        ({"quiet_ranges-13-days": "1"}, "quiet_ranges"),
        ({"interruption_budget": "0"}, "interruption_budget"),
        ({"interruption_budget": "1001"}, "interruption_budget"),
        ({"interruption_budget": "2.5"}, "interruption_budget"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    browser: Client, typed: dict[str, Any], field: str
) -> None:
    """Catalogue B51–B60 and B96."""
    response = browser.post(PATH, form_of(browser, **typed))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    html = response.content.decode()
    assert f'id="id_{field}_error"' in html
    assert "Nothing was saved" in html
    assert not Preference.objects.exists()


def test_what_somebody_typed_is_shown_as_text(browser: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    response = browser.post(PATH, form_of(browser, time_zone=hostile))
    assert "<script>alert" not in response.content.decode()


def test_what_was_changed_elsewhere_meanwhile_is_not_overwritten(
    browser: Client, ana: User
) -> None:
    typed = form_of(browser, digest_weekday="4")
    factories.make_preference(user=ana, relevance_threshold=0.5)
    response = browser.post(PATH, typed)
    assert response.status_code == 422
    assert "changed elsewhere" in response.content.decode()
    assert Preference.objects.get().digest_weekday == 0


def test_trying_shows_what_would_have_been_and_saves_nothing(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    at = now - timedelta(days=1)
    event = factories.make_event(business=northwind, user=ana, title="<b>Down</b>", received_at=at)
    factories.make_classification(event=event, priority=9)
    factories.make_notification(event=event, user=ana, now=at)
    response = browser.post(PATH, {**form_of(browser, enabled=""), "try": "1"})
    html = response.content.decode()
    assert response.status_code == 200
    assert "0 interruptions instead of 1" in html
    assert "&lt;b&gt;Down&lt;/b&gt;: never" in html
    assert response.context["form"]["enabled"].value() is False
    assert not Preference.objects.exists()


def test_what_is_tried_must_make_sense_too(browser: Client) -> None:
    response = browser.post(PATH, {**form_of(browser, quiet_start="22:00"), "try": "1"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["quiet_start"]
    assert 'id="tried"' not in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"quiet_start": "22:00"}, "From: "),
        ({"time_zone": "<b>Mars</b>"}, "Time zone: Not the name of a time zone."),
        ({"relevance_threshold": "nan"}, "How relevant it must be: "),
        ({"categories": []}, "About what: Choose at least one"),
    ],
    ids=str,
)
def test_what_cannot_be_tried_while_it_is_moved_is_said(
    browser: Client, typed: dict[str, Any], words: str
) -> None:
    response = browser.post(f"{PATH}try/", form_of(browser, **typed))
    assert response.status_code == 422
    assert f"Nothing to try yet: {words}" in response.content.decode()


def test_nobody_tries_without_logging_in_or_a_business(db: None) -> None:
    stranger = Client()
    assert stranger.post(f"{PATH}try/", {}).status_code == 302
    stranger.force_login(factories.make_user(name="Nora"))
    assert stranger.post(f"{PATH}try/", {}).status_code == 403


def test_moving_the_slider_shows_what_would_have_been_and_saves_nothing(
    browser: Client, ana: User, northwind: Business, now: datetime
) -> None:
    at = now - timedelta(days=1)
    for relevance in (0.3, 0.8):
        event = factories.make_event(business=northwind, user=ana, received_at=at)
        factories.make_classification(event=event, relevance=relevance)
        factories.make_notification(event=event, user=ana, now=at, fingerprint=0)
    typed = form_of(browser, relevance_threshold="0.5")
    html = browser.post(f"{PATH}try/", typed).content.decode()
    assert "1 interruption instead of 2" in html
    assert "<html" not in html
    assert not Preference.objects.exists()


def test_a_value_of_another_door_is_not_rounded_by_the_slider(browser: Client, ana: User) -> None:
    factories.make_preference(user=ana, relevance_threshold=0.735)
    html = browser.get(PATH).content.decode()
    assert 'type="range"' in html
    assert '<output for="id_relevance_threshold">0.735</output>' in html
    browser.post(PATH, form_of(browser))
    assert Preference.objects.get().relevance_threshold == 0.735


def test_everything_can_be_set(browser: Client) -> None:
    typed = form_of(
        browser,
        enabled="",
        email_enabled="",
        min_urgency="high",
        relevance_threshold="0.7",
        categories=["meeting", "risk"],
        frequency="weekly",
        digest_time="17:30",
        digest_weekday="4",
        time_zone="America/New_York",
        quiet_hours_enabled="on",
        quiet_start="22:00",
        quiet_end="07:00",
        quiet_policy="digest",
        assigned_clients_only="on",
        interruption_budget="6",
    )
    response = browser.post(PATH, typed, follow=True)
    assert response.redirect_chain == [("/preferences/?saved=own", 302)]
    assert "Saved." in response.content.decode()
    again = form_of(browser)
    del typed["version"], again["version"]
    assert {name: str(value) for name, value in again.items() if value} == {
        name: str(value) for name, value in typed.items() if value and value != "on"
    } | {"quiet_hours_enabled": "True", "assigned_clients_only": "True"}
    assert Preference.objects.get().enabled is False


def test_further_quiet_hours_are_added_shown_and_taken_away(browser: Client) -> None:
    weekend = {
        "quiet_ranges-1-days": ["5", "6"],
        "quiet_ranges-1-start": "00:00",
        "quiet_ranges-1-end": "00:00",
    }
    assert browser.post(PATH, form_of(browser, **LUNCH, **weekend)).status_code == 302
    lunch = {"days": [0, 4], "start": "12:00", "end": "13:00"}
    both = [lunch, {"days": [5, 6], "start": "00:00", "end": "00:00"}]
    assert Preference.objects.get().quiet_ranges == both
    rows = browser.get(PATH).context["form"].range_rows()
    assert [(row["start"], row["stored"]) for row in rows] == [
        ("12:00", True),
        ("00:00", True),
        ("", False),
        ("", False),
    ]
    browser.post(PATH, form_of(browser, **LUNCH, **weekend, **{"quiet_ranges-1-remove": "on"}))
    assert Preference.objects.get().quiet_ranges == [lunch]


def test_what_is_wrong_with_a_range_is_said_in_its_row(browser: Client) -> None:
    typed = form_of(browser, **{**LUNCH, "quiet_ranges-1-days": "3"})
    rows = browser.post(PATH, typed).context["form"].range_rows()
    assert [bool(row["problems"]) for row in rows] == [False, True, False, False]
    assert rows[0]["start"] == "12:00"


def test_a_row_cannot_carry_markup_into_the_page(browser: Client) -> None:
    hostile = '"><script>alert(1)</script>'
    response = browser.post(PATH, form_of(browser, **{**LUNCH, "quiet_ranges-0-start": hostile}))
    assert "<script>alert" not in response.content.decode()


def test_all_categories_are_those_to_come_too(browser: Client, ana: User) -> None:
    factories.make_preference(user=ana, categories=["meeting"])
    everything = [
        word for word, _ in browser.get(PATH).context["form"].fields["categories"].choices
    ]
    browser.post(PATH, form_of(browser, categories=everything))
    assert Preference.objects.get().categories is None


def test_a_channels_limits_are_saved(browser: Client) -> None:
    typed = channel_form(browser, "sms", max_per_day=5, priority_threshold=7)
    response = browser.post(f"{PATH}channels/sms/", typed)
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/preferences/?saved=sms#sms",
    )
    row = ChannelPreference.objects.get()
    assert (row.enabled, row.max_per_day, row.priority_threshold) == (True, 5, 7)


def test_a_channels_own_quiet_hours_are_set_and_taken_back(browser: Client) -> None:
    night = {"quiet_hours": "set", "quiet_start": "20:00", "quiet_end": "08:00"}
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", **night))
    row = ChannelPreference.objects.get()
    assert (row.quiet_hours_enabled, row.quiet_start, row.quiet_end) == (True, time(20), time(8))
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", max_per_day=3))
    row.refresh_from_db()
    assert (row.quiet_hours_enabled, row.max_per_day) == (True, 3)
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", quiet_hours="own"))
    row.refresh_from_db()
    assert (row.quiet_hours_enabled, row.quiet_start) == (None, None)


def test_quiet_hours_of_a_channel_that_are_not_whole_are_refused(browser: Client) -> None:
    half = channel_form(browser, "sms", quiet_hours="set", quiet_start="20:00")
    response = browser.post(f"{PATH}channels/sms/", half)
    [shown] = [
        item["form"] for item in response.context["channels"] if item["setting"].channel == "sms"
    ]
    assert (response.status_code, list(shown.errors)) == (422, ["quiet_start"])
    assert not ChannelPreference.objects.exists()


def test_the_inbox_offers_no_limit_that_it_does_not_have(browser: Client) -> None:
    [inbox] = [
        item["form"]
        for item in browser.get(PATH).context["channels"]
        if item["setting"].channel == "in_app"
    ]
    assert list(inbox.fields) == ["version", "max_per_day"]


def test_a_channel_that_nobody_set_up_says_so(browser: Client) -> None:
    assert "not set up here yet" in browser.get(PATH).content.decode()


def test_a_channels_switch_is_its_own_while_everything_is_off(browser: Client, ana: User) -> None:
    factories.make_preference(user=ana, enabled=False)
    forms = {item["setting"].channel: item for item in browser.get(PATH).context["channels"]}
    assert forms["sms"]["form"]["enabled"].value() is True
    assert forms["sms"]["setting"].values.enabled is False


def test_a_channels_box_left_empty_switches_it_off(browser: Client) -> None:
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", enabled=""))
    assert ChannelPreference.objects.get().enabled is False


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"max_per_day": "-1"}, "max_per_day"),
        ({"max_per_day": "1.5"}, "max_per_day"),
        ({"max_per_day": str(2**31)}, "max_per_day"),
        ({"priority_threshold": "11"}, "priority_threshold"),
        ({"priority_threshold": ""}, "priority_threshold"),
        ({"version": "old"}, "__all__"),
    ],
    ids=str,
)
def test_a_wrong_limit_is_said_at_its_field(
    browser: Client, typed: dict[str, str], field: str
) -> None:
    response = browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", **typed))
    assert response.status_code == 422
    [shown] = [
        item["form"] for item in response.context["channels"] if item["setting"].channel == "sms"
    ]
    assert list(shown.errors) == [field]
    assert not ChannelPreference.objects.exists()


def test_the_tier_is_honored_here_too(browser: Client, northwind: Business) -> None:
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    assert "not in your plan" in browser.get(PATH).content.decode()
    refused = browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms"))
    above = browser.post(f"{PATH}channels/in_app/", channel_form(browser, "in_app", max_per_day=11))
    assert (refused.status_code, above.status_code) == (422, 422)
    assert "at most 10 notifications a day" in above.content.decode()
    assert not ChannelPreference.objects.exists()


def summary_of(page: str) -> str:
    [found] = re.findall(r'<div class="error summary".*?</div>', page, re.DOTALL)
    return str(found)


def test_what_is_wrong_is_listed_at_the_top_with_a_way_to_each_field(browser: Client) -> None:
    typed = form_of(browser, time_zone="Mars/Base", digest_time="25:00", categories=[])
    typed |= {**LUNCH, "quiet_ranges-0-end": ""}
    page = browser.post(PATH, typed).content.decode()
    summary = summary_of(page)
    assert 'role="alert" tabindex="-1" autofocus' in summary
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert {"id_time_zone", "id_digest_time", "id_categories", "id_quiet_ranges"} == set(targets)
    for target in targets:
        assert page.count(f'id="{target}"') == 1
        assert f'aria-describedby="{target}_error"' in page or f"{target}_error" in page
        assert page.count(f'id="{target}_error"') == 1
    assert page.index("error summary") < page.index('id="id_enabled"')


def test_what_is_wrong_with_a_channel_is_listed_at_its_form_alone(browser: Client) -> None:
    typed = channel_form(browser, "sms", max_per_day="-1")
    summary = summary_of(browser.post(f"{PATH}channels/sms/", typed).content.decode())
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_sms-max_per_day"]


def test_a_page_without_a_mistake_takes_no_focus(browser: Client) -> None:
    assert "autofocus" not in browser.get(PATH).content.decode()


def test_what_the_plan_lost_can_be_switched_off(browser: Client, northwind: Business) -> None:
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", max_per_day=100))
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    assert "Switch off" in browser.get(PATH).content.decode()
    assert browser.post(f"{PATH}channels/sms/", {"off": "1"}).status_code == 302
    row = ChannelPreference.objects.get()
    assert (row.enabled, row.max_per_day) == (False, 100)


def test_every_priority_is_no_choice(browser: Client) -> None:
    browser.post(f"{PATH}channels/sms/", channel_form(browser, "sms", max_per_day=5))
    assert ChannelPreference.objects.get().priority_threshold is None


def test_a_channel_nobody_knows_has_no_page(browser: Client) -> None:
    assert browser.post(f"{PATH}channels/fax/", {}).status_code == 404


def test_what_is_ones_own_is_marked(browser: Client, ana: User) -> None:
    before = browser.get(PATH).content.decode().count('class="origin"')
    factories.make_preference(user=ana, relevance_threshold=0.5)
    assert browser.get(PATH).content.decode().count('class="origin"') == before + 1


def test_auras_settings_are_shown(browser: Client, ana: User, northwind: Business) -> None:
    aura = factories.make_aura(business=northwind, user=ana, name="Scout")
    factories.make_channel_preference(user=ana, channel="sms", aura=aura, max_per_day=2)
    assert "<strong>Scout</strong>, SMS: on" in browser.get(PATH).content.decode()


def test_every_control_has_a_label_and_no_script_stands_in_the_page_itself(browser: Client) -> None:
    html = browser.get(PATH).content.decode()
    controls = re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', html)
    assert len(controls) > 20
    assert [
        name for name in controls if f'for="{name}"' not in html and name not in _wrapped(html)
    ] == []
    assert len(set(controls)) == len(controls)
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert " onclick=" not in html


def _wrapped(html: str) -> set[str]:
    labels = re.findall(r"<label>(.*?)</label>", html, re.DOTALL)
    return {name for label in labels for name in re.findall(r'\bid="([^"]+)"', label)}


def test_a_page_costs_the_same_however_much_is_set(
    browser: Client,
    ana: User,
    northwind: Business,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(5):
        aura = factories.make_aura(business=northwind, user=ana, name=f"Scout {number}")
        factories.make_channel_preference(user=ana, channel="sms", aura=aura)
    with django_assert_num_queries(PAGE_QUERIES):
        browser.get(PATH)


def test_consent_is_withdrawn_and_given_again_on_the_page(browser: Client, ana: User) -> None:
    assert "You agree to be told things." in browser.get(PATH).content.decode()
    for granted, shown in (("false", "You are told nothing."), ("true", "told things since")):
        response = browser.post(f"{PATH}consents/notifications/", {"granted": granted})
        assert response.headers["Location"] == "/preferences/?saved=consent#consent"
        assert shown in browser.get(PATH).content.decode()
    assert [row.source for row in Consent.objects.filter(user=ana)] == ["page", "page"]


@pytest.mark.parametrize(
    ("purpose", "typed"),
    [("fax", {"granted": "true"}), ("notifications", {}), ("sms", {"granted": "yes"})],
)
def test_a_consent_nobody_can_give_has_no_page(
    browser: Client, purpose: str, typed: dict[str, str]
) -> None:
    assert browser.post(f"{PATH}consents/{purpose}/", typed).status_code == 404
    assert not Consent.objects.exists()


def test_a_channel_that_asks_for_more_says_what_is_missing(
    browser: Client, ana: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    careful.install(monkeypatch)
    before = browser.get(PATH).content.decode()
    assert "This way needs your consent." in before
    assert "No address yet" in before
    browser.post(f"{PATH}consents/sms/", {"granted": "true"})
    factories.make_address(user=ana, channel="sms", hint="+49…12")
    after = browser.get(PATH).content.decode()
    assert "You agreed to be told this way since" in after
    assert "+49…12" in after


def test_a_category_that_is_sent_twice_is_kept_once(browser: Client) -> None:
    browser.post(PATH, form_of(browser, categories=["risk", "news", "risk"]))
    assert Preference.objects.get().categories == ["risk", "news"]
