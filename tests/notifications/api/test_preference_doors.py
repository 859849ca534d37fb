"""Three doors, one house: what is changed through one reads the same through the others."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.notifications.models import ChannelPreference, Preference
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

OWN = "/v3/proactive/preferences"
CHANNELS = "/api/notifications/preferences"
ME = "/api/v1/user-preferences/me"
DOORS = [OWN, CHANNELS, ME]

Document = dict[str, Any]


class House:
    """What each door shows of the same preferences, by one name for each."""

    def __init__(self, api: JsonClient) -> None:
        self.api = api

    def own(self) -> Document:
        shown = self.api.get(OWN).json()
        quiet = shown["quiet_hours"]
        return {
            "on": shown["enabled"],
            "email": shown["email_enabled"],
            "relevance": shown["relevance_threshold"],
            "categories": shown["categories"],
            "frequency": shown["frequency"],
            "digest_time": shown["digest_time"],
            "weekday": shown["digest_weekday"],
            "quiet": (quiet["enabled"], quiet["start"], quiet["end"]),
            "zone": shown["time_zone"],
            "assigned": shown["assigned_clients_only"],
            "budget": shown["interruption_budget"],
            "order": shown["channel_order"],
            "escalation": shown["escalation_minutes"],
        }

    def me(self) -> Document:
        shown = self.api.get(ME).json()
        return {
            "on": shown["notification_enabled"],
            "email": shown["email_notifications_enabled"],
            "relevance": shown["relevance_threshold"],
            "categories": shown["notification_categories"],
            "frequency": shown["notification_frequency"],
            "digest_time": shown["digest_time"].removesuffix(":00"),
            "weekday": shown["digest_day_of_week"],
            "assigned": shown["assigned_clients_only"],
            "budget": shown["interruption_budget"],
            "order": shown["channel_order"],
            "escalation": shown["escalation_minutes"],
        }

    def channels(self) -> Document:
        general = {row["channel"]: row for row in self.api.get(CHANNELS).json()["global"]}
        quiet = general["in_app"]["quietHours"]
        return {
            "on": general["in_app"]["enabled"],
            "email": general["email"]["enabled"],
            "quiet": (quiet["enabled"], quiet["start"], quiet["end"]),
            "zone": quiet["timezone"],
        }


def channel(name: str, **settings: Any) -> tuple[str, str, Document]:
    return ("put", CHANNELS, {"channel": name, "settings": {"enabled": True, **settings}})


NIGHT = {"enabled": True, "start": "22:00", "end": "07:00"}

# What is said, through every door that can say it.
CHANGES = [
    ("on", False, ("patch", OWN, {"enabled": False})),
    ("on", False, ("put", ME, {"notification_enabled": False})),
    ("on", False, channel("in_app", enabled=False)),
    ("email", False, ("patch", OWN, {"email_enabled": False})),
    ("email", False, ("put", ME, {"email_notifications_enabled": False})),
    ("email", False, channel("email", enabled=False)),
    ("relevance", 0.8, ("patch", OWN, {"relevance_threshold": 0.8})),
    ("relevance", 0.8, ("put", ME, {"relevance_threshold": 0.8})),
    ("categories", ["risk", "expansion"], ("patch", OWN, {"categories": ["risk", "expansion"]})),
    (
        "categories",
        ["risk", "expansion"],
        ("put", ME, {"notification_categories": ["risk", "expansion"]}),
    ),
    ("frequency", "batch", ("patch", OWN, {"frequency": "batch"})),
    ("frequency", "daily", ("put", ME, {"notification_frequency": "daily"})),
    ("digest_time", "10:00", ("patch", OWN, {"digest_time": "10:00"})),
    ("digest_time", "10:00", ("put", ME, {"digest_time": "10:00:00"})),
    ("digest_time", "10:00", ("put", ME, {"digest_time": "10:00"})),
    ("weekday", 4, ("patch", OWN, {"digest_weekday": 4})),
    ("weekday", 4, ("put", ME, {"digest_day_of_week": 4})),
    ("quiet", (True, "22:00", "07:00"), ("patch", OWN, {"quiet_hours": NIGHT})),
    ("quiet", (True, "22:00", "07:00"), channel("in_app", quietHours=NIGHT)),
    ("assigned", True, ("patch", OWN, {"assigned_clients_only": True})),
    ("assigned", True, ("put", ME, {"assigned_clients_only": True})),
    ("budget", 6, ("patch", OWN, {"interruption_budget": 6})),
    ("budget", 6, ("put", ME, {"interruption_budget": 6})),
    ("order", ["sms", "email"], ("patch", OWN, {"channel_order": ["sms", "email"]})),
    ("order", ["sms", "email"], ("put", ME, {"channel_order": ["sms", "email"]})),
    ("escalation", 15, ("patch", OWN, {"escalation_minutes": 15})),
    ("escalation", 15, ("put", ME, {"escalation_minutes": 15})),
    ("zone", "Asia/Kathmandu", ("patch", OWN, {"time_zone": "Asia/Kathmandu"})),
    (
        "zone",
        "Asia/Kathmandu",
        channel("in_app", quietHours={"enabled": False, "timezone": "Asia/Kathmandu"}),
    ),
]


@pytest.mark.parametrize(("name", "value", "change"), CHANGES, ids=str)
def test_what_one_door_changes_all_doors_show(
    as_ana: JsonClient, name: str, value: Any, change: tuple[str, str, Document]
) -> None:
    method, path, body = change
    house = House(as_ana)
    before = [house.own(), house.me(), house.channels()]
    assert getattr(as_ana, method)(path, body).status_code == 200
    after = [house.own(), house.me(), house.channels()]
    expected = [{**shown, name: value} if name in shown else shown for shown in before]
    # Nobody is told by e-mail who is not told at all.
    expected[2]["email"] = expected[2]["on"] and expected[0]["email"]
    assert after == expected


def test_the_doors_write_the_same_row(as_ana: JsonClient) -> None:
    as_ana.patch(OWN, {"digest_weekday": 1})
    as_ana.put(ME, {"digest_time": "10:00:00"})
    as_ana.put(CHANNELS, {"channel": "in_app", "settings": {"enabled": True}})
    assert (Preference.objects.count(), ChannelPreference.objects.count()) == (1, 0)


def test_what_the_console_switched_off_a_door_switches_on(ana: User, as_ana: JsonClient) -> None:
    factories.make_channel_preference(user=ana, channel="in_app", enabled=False)
    assert House(as_ana).channels()["on"] is False
    as_ana.put(CHANNELS, {"channel": "in_app", "settings": {"enabled": True}})
    assert House(as_ana).channels()["on"] is True


@pytest.mark.parametrize("read", DOORS)
@pytest.mark.parametrize(
    "write",
    [
        ("patch", OWN, {"digest_weekday": 5}),
        ("put", ME, {"digest_day_of_week": 5}),
        channel("sms", maxPerDay=3),
    ],
    ids=lambda write: str(write[1]),
)
def test_what_another_door_has_changed_since_is_not_overwritten(
    as_ana: JsonClient, read: str, write: tuple[str, str, Document]
) -> None:
    """Catalogue B76."""
    tag = as_ana.get(read)["ETag"]
    as_ana.patch(OWN, {"relevance_threshold": 0.5})
    method, path, body = write
    answer = getattr(as_ana, method)(path, body, headers={"If-Match": tag})
    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")
    assert as_ana.get(OWN).json()["digest_weekday"] == 0
    assert not ChannelPreference.objects.exists()


@pytest.mark.parametrize("tag", ['W/"{}"', "{}", '"other"', ","])
def test_a_tag_that_is_not_this_one_is_stale(as_ana: JsonClient, tag: str) -> None:
    present = as_ana.get(OWN)["ETag"].strip('"')
    answer = as_ana.patch(OWN, {"enabled": False}, headers={"If-Match": tag.format(present)})
    assert answer.status_code == 412


@pytest.mark.parametrize("tag", ['"{}"', '"other", "{}"', "*"])
def test_the_present_tag_lets_through(as_ana: JsonClient, tag: str) -> None:
    present = as_ana.get(OWN)["ETag"].strip('"')
    first = as_ana.patch(OWN, {"enabled": False}, headers={"If-Match": tag.format(present)})
    assert first.status_code == 200
    assert first["ETag"] == as_ana.get(CHANNELS)["ETag"] != f'"{present}"'


def test_every_door_records_the_names_and_no_values(ana: User, as_ana: JsonClient) -> None:
    as_ana.patch(OWN, {"time_zone": "Asia/Kathmandu"})
    as_ana.put(ME, {"digest_time": "10:00:00", "notification_categories": ["risk"]})
    as_ana.put(CHANNELS, channel("sms", maxPerDay=7, metadata={"phone": "+4930123456"})[2])
    events = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).order_by("id")
    assert [event.metadata for event in events] == [
        {"fields": ["time_zone"]},
        {"fields": ["categories", "digest_time"]},
        {"fields": ["max_per_day", "metadata"], "channel": "sms"},
    ]
    assert {event.actor_id for event in events} == {ana.pk}


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("word", ["yes", "1", "True", ""])
def test_an_explanation_is_asked_for_with_true(as_ana: JsonClient, path: str, word: str) -> None:
    answer = as_ana.get(path, {"explain": word})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["explain"])


def test_the_persons_own_values_say_where_they_come_from(as_ana: JsonClient) -> None:
    as_ana.patch(OWN, {"relevance_threshold": 0.5, "quiet_hours": NIGHT})
    own = as_ana.get(OWN, {"explain": "true"}).json()["sources"]
    assert {path for path, origin in own.items() if origin == "own"} == {
        "relevance_threshold",
        *("quiet_hours.enabled", "quiet_hours.start", "quiet_hours.end"),
    }
    assert own["digest_time"] == own["quiet_hours.policy"] == "default"
    me = as_ana.get(ME, {"explain": "true"}).json()["sources"]
    assert (me["relevance_threshold"], me["notification_enabled"]) == ("own", "default")


def test_nothing_is_explained_unasked(as_ana: JsonClient) -> None:
    assert "sources" not in as_ana.get(OWN).json()
    assert "sources" not in as_ana.get(ME).json()
    assert "sources" not in as_ana.get(CHANNELS).json()["global"][0]
