from typing import Any

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.notifications.models import Preference
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

LUNCH = {"days": [0, 4], "start": "12:00", "end": "13:00"}
PATH = "/v3/proactive/preferences"
DEFAULTS = {
    "enabled": True,
    "email_enabled": True,
    "min_urgency": "low",
    "relevance_threshold": 0.0,
    "categories": None,
    "frequency": "instant",
    "digest_time": "09:00",
    "digest_weekday": 0,
    "quiet_hours": {"enabled": False, "start": None, "end": None, "policy": "defer"},
    "quiet_ranges": [],
    "time_zone": "UTC",
    "assigned_clients_only": False,
    "interruption_budget": None,
    "channel_order": [],
    "escalation_minutes": None,
}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"enabled": "yes"}, "enabled"),
        ({"enabled": 1}, "enabled"),
        ({"enabled": None}, "enabled"),
        ({"min_urgency": "urgent"}, "min_urgency"),
        ({"min_urgency": 7}, "min_urgency"),
        ({"relevance_threshold": -0.1}, "relevance_threshold"),
        ({"relevance_threshold": 1.01}, "relevance_threshold"),
        ({"relevance_threshold": "nan"}, "relevance_threshold"),
        ({"relevance_threshold": True}, "relevance_threshold"),
        ({"relevance_threshold": "0.7"}, "relevance_threshold"),
        ({"categories": ["meeting", "gossip"]}, "categories.1"),
        ({"categories": []}, "categories"),
        ({"categories": "meeting"}, "categories"),
        ({"categories": ["meeting"] * 50}, "categories"),
        ({"frequency": "hourly"}, "frequency"),
        ({"digest_time": "24:00"}, "digest_time"),
        ({"digest_time": "9:00"}, "digest_time"),
        ({"digest_time": None}, "digest_time"),
        ({"digest_weekday": 7}, "digest_weekday"),
        ({"digest_weekday": -1}, "digest_weekday"),
        ({"digest_weekday": 1.5}, "digest_weekday"),
        ({"quiet_hours": {"start": "24:00"}}, "quiet_hours.start"),
        ({"quiet_hours": {"start": "7:5"}}, "quiet_hours.start"),
        ({"quiet_hours": {"start": "25:61"}}, "quiet_hours.start"),
        ({"quiet_hours": {"start": "22:00:00"}}, "quiet_hours.start"),
        ({"quiet_hours": {"end": " 07:00"}}, "quiet_hours.end"),
        ({"quiet_hours": {"end": "٠٧:٠٠"}}, "quiet_hours.end"),
        ({"quiet_hours": {"end": 700}}, "quiet_hours.end"),
        ({"quiet_hours": {"policy": "shout"}}, "quiet_hours.policy"),
        ({"quiet_hours": None}, "quiet_hours"),
        ({"quiet_hours": "22:00-07:00"}, "quiet_hours"),
        ({"quiet_hours": {"start": "22:00"}}, "quiet_hours"),
        ({"quiet_hours": {"enabled": True}}, "quiet_hours"),
        ({"quiet_hours": {"start": "22:00", "end": "22:00"}}, "quiet_hours"),
        ({"quiet_hours": {"enabled": False, "start": "00:00", "end": "00:00"}}, "quiet_hours"),
        ({"quiet_ranges": None}, "quiet_ranges"),
        ({"quiet_ranges": {"days": [0], "start": "13:00", "end": "14:00"}}, "quiet_ranges"),
        ({"quiet_ranges": [LUNCH] * 15}, "quiet_ranges"),
        ({"quiet_ranges": [LUNCH, {**LUNCH, "begin": "13:00"}]}, "quiet_ranges.1"),
        ({"quiet_ranges": [LUNCH, {**LUNCH, "days": []}]}, "quiet_ranges.1.days"),
        ({"quiet_ranges": [{**LUNCH, "end": "24:00"}]}, "quiet_ranges.0.end"),
        ({"assigned_clients_only": 1}, "assigned_clients_only"),
        ({"interruption_budget": 0}, "interruption_budget"),
        ({"channel_order": ["sms", "sms"]}, "channel_order"),
        ({"channel_order": ["fax"]}, "channel_order.0"),
        ({"channel_order": ["in_app"]}, "channel_order.0"),
        ({"channel_order": None}, "channel_order"),
        ({"escalation_minutes": 0}, "escalation_minutes"),
        ({"escalation_minutes": 1_441}, "escalation_minutes"),
        ({"interruption_budget": 1_001}, "interruption_budget"),
        ({"interruption_budget": 2.5}, "interruption_budget"),
        ({"interruption_budget": True}, "interruption_budget"),
        ({"interruption_budget": "6"}, "interruption_budget"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_by_its_name(
    as_ana: JsonClient, change: dict[str, Any], field: str
) -> None:
    answer = as_ana.patch(PATH, change)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    "name", ["Mars/X", "EST5EDT../", "", " UTC", "x" * 10_000, "../../etc/passwd", "europe/berlin"]
)
def test_a_zone_that_is_none_is_refused(as_ana: JsonClient, name: str) -> None:
    answer = as_ana.patch(PATH, {"time_zone": name})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_timezone")
    assert list(answer.json()["fields"]) == ["time_zone"]


@pytest.mark.parametrize(
    "name", ["tenant_id", "user_id", "user", "id", "status", "tier", "__class__"]
)
def test_an_unknown_field_changes_nothing(as_ana: JsonClient, name: str) -> None:
    answer = as_ana.patch(PATH, {name: 1, "enabled": False})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert not Preference.objects.exists()


def test_an_unknown_field_inside_is_refused_too(as_ana: JsonClient) -> None:
    answer = as_ana.patch(PATH, {"quiet_hours": {"begin": "22:00"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert list(answer.json()["fields"]) == ["quiet_hours.begin"]


def test_quiet_hours_are_judged_together_with_what_is_stored(as_ana: JsonClient) -> None:
    as_ana.patch(PATH, {"quiet_hours": {"enabled": True, "start": "22:00", "end": "07:00"}})
    assert as_ana.patch(PATH, {"quiet_hours": {"end": "22:00"}}).status_code == 422
    assert as_ana.patch(PATH, {"quiet_hours": {"end": None}}).status_code == 422
    assert as_ana.get(PATH).json()["quiet_hours"]["end"] == "07:00"


def test_looking_makes_no_row(as_ana: JsonClient) -> None:
    assert as_ana.get(PATH).json() == DEFAULTS
    assert not Preference.objects.exists()


def test_the_defaults_are_in_the_persons_own_zone(ana: User, as_ana: JsonClient) -> None:
    User.objects.filter(pk=ana.pk).update(time_zone="Europe/Berlin")
    assert as_ana.get(PATH).json()["time_zone"] == "Europe/Berlin"


def test_the_first_change_keeps_that_zone(ana: User, as_ana: JsonClient) -> None:
    User.objects.filter(pk=ana.pk).update(time_zone="Europe/Berlin")
    assert as_ana.patch(PATH, {"enabled": False}).json()["time_zone"] == "Europe/Berlin"


def test_only_what_is_named_changes(as_ana: JsonClient) -> None:
    answer = as_ana.patch(PATH, {"relevance_threshold": 1, "categories": ["risk", "meeting"]})
    assert answer.status_code == 200
    expected = {**DEFAULTS, "relevance_threshold": 1.0, "categories": ["risk", "meeting"]}
    assert answer.json() == expected
    assert as_ana.get(PATH).json() == expected


def test_every_field_can_be_changed(as_ana: JsonClient) -> None:
    wanted = {
        "enabled": False,
        "email_enabled": False,
        "min_urgency": "high",
        "relevance_threshold": 0.7,
        "categories": ["meeting"],
        "frequency": "weekly",
        "digest_time": "17:30",
        "digest_weekday": 4,
        "quiet_hours": {"enabled": True, "start": "22:00", "end": "07:00", "policy": "drop"},
        "quiet_ranges": [LUNCH, {"days": [5, 6], "start": "00:00", "end": "00:00"}],
        "time_zone": "America/New_York",
        "assigned_clients_only": True,
        "interruption_budget": 6,
        "channel_order": ["web_push", "sms"],
        "escalation_minutes": 15,
    }
    assert as_ana.patch(PATH, wanted).json() == wanted
    assert as_ana.get(PATH).json() == wanted


def test_categories_can_be_all_again(ana: User, as_ana: JsonClient) -> None:
    factories.make_preference(user=ana, categories=["meeting"])
    assert as_ana.patch(PATH, {"categories": None}).json()["categories"] is None


def test_a_budget_can_be_given_up_again(ana: User, as_ana: JsonClient) -> None:
    factories.make_preference(user=ana, interruption_budget=6)
    answer = as_ana.patch(f"{PATH}?explain=true", {"interruption_budget": None}).json()
    assert answer["interruption_budget"] is None
    assert answer["sources"]["interruption_budget"] == "default"


def test_a_change_is_recorded_by_the_names_alone(as_ana: JsonClient, ana: User) -> None:
    as_ana.patch(PATH, {"time_zone": "Europe/Berlin", "enabled": True, "digest_weekday": 3})
    [event] = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED)
    assert event.metadata == {"fields": ["digest_weekday", "time_zone"]}
    assert event.actor == ana


def test_what_changes_nothing_is_not_recorded(as_ana: JsonClient) -> None:
    assert as_ana.patch(PATH, {"enabled": True}).status_code == 200
    assert not AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).exists()
