"""`/api/notifications/preferences`: what holds for a channel, and what a tier lets one ask for."""

from datetime import time
from typing import Any

import pytest

from apps.accounts.models import Aura, Business, User
from apps.accounts.tiers import Tier
from apps.notifications.models import ChannelPreference, Preference
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/preferences"
UNKNOWN = "01a1fbe1-0000-7000-8000-000000000000"
NIGHT = {"enabled": True, "start": "22:00", "end": "07:00", "timezone": "Europe/Berlin"}


@pytest.fixture
def aura(northwind: Business, ana: User) -> Aura:
    return factories.make_aura(business=northwind, user=ana)


def put(api: JsonClient, channel: str, aura: Aura | None = None, **settings: Any) -> Any:
    place = {"auraId": str(aura.public_id)} if aura else {}
    body = {**place, "channel": channel, "settings": {"enabled": True, **settings}}
    return api.put(f"{PATH}?explain=true", body)


def in_general(answer: Any, channel: str) -> dict[str, Any]:
    return next(row for row in answer.json()["global"] if row["channel"] == channel)


def for_aura(answer: Any, aura: Aura) -> dict[str, Any]:
    [row] = answer.json()["byAura"][str(aura.public_id)]
    return dict(row)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"enabled": "yes"}, "settings.enabled"),
        ({"enabled": None}, "settings.enabled"),
        ({"quietHours": {"enabled": True}}, "settings.quietHours"),
        ({"quietHours": {"enabled": False, "start": "22:00"}}, "settings.quietHours"),
        ({"quietHours": {**NIGHT, "end": "22:00"}}, "settings.quietHours"),
        ({"quietHours": {**NIGHT, "start": "24:00"}}, "settings.quietHours.start"),
        ({"quietHours": {**NIGHT, "start": "7:5"}}, "settings.quietHours.start"),
        ({"quietHours": {**NIGHT, "end": "25:61"}}, "settings.quietHours.end"),
        ({"quietHours": {**NIGHT, "timezone": "Mars/X"}}, "settings.quietHours.timezone"),
        ({"quietHours": {"start": "22:00", "end": "07:00"}}, "settings.quietHours.enabled"),
        ({"quietHours": {**NIGHT, "policy": "drop"}}, "settings.quietHours.policy"),
        ({"maxPerDay": -2}, "settings.maxPerDay"),
        ({"maxPerDay": 2**31}, "settings.maxPerDay"),
        ({"maxPerDay": 1.5}, "settings.maxPerDay"),
        ({"maxPerDay": "5"}, "settings.maxPerDay"),
        ({"maxPerDay": True}, "settings.maxPerDay"),
        ({"priorityThreshold": 0}, "settings.priorityThreshold"),
        ({"priorityThreshold": 11}, "settings.priorityThreshold"),
        ({"metadata": "phone"}, "settings.metadata"),
        ({"metadata": {"note": "x" * 5_000}}, "settings.metadata"),
        ({"max_per_day": 5}, "settings.max_per_day"),
    ],
    ids=str,
)
@pytest.mark.parametrize("channel", ["in_app", "sms"])
def test_a_wrong_setting_is_refused_by_its_name(
    as_ana: JsonClient, channel: str, settings: dict[str, Any], field: str
) -> None:
    answer = put(as_ana, channel, **settings)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not ChannelPreference.objects.exists()
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channel": "fax", "settings": {"enabled": True}}, "channel"),
        ({"channel": "console", "settings": {"enabled": True}}, "channel"),
        ({"settings": {"enabled": True}}, "channel"),
        ({"channel": "sms"}, "settings"),
        ({"channel": "sms", "settings": {}}, "settings.enabled"),
        ({"channel": "sms", "settings": {"enabled": True}, "auraId": "7"}, "auraId"),
        ({"channel": "sms", "settings": {"enabled": True}, "user_id": 7}, "user_id"),
    ],
    ids=str,
)
def test_a_wrong_place_is_refused_by_its_name(
    as_ana: JsonClient, body: dict[str, Any], field: str
) -> None:
    answer = as_ana.put(PATH, body)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]


@pytest.mark.parametrize(
    ("tier", "channel", "status"),
    [
        (Tier.FREE, "web_push", 403),
        (Tier.FREE, "in_app", 200),
        (Tier.FREE, "email", 200),
        (Tier.PERSONAL, "sms", 403),
        (Tier.PERSONAL, "web_push", 200),
        (Tier.FAMILY, "whatsapp", 403),
        (Tier.FAMILY, "sms", 200),
        (Tier.BUSINESS, "whatsapp", 200),
    ],
)
def test_a_channel_is_the_tiers_to_give(
    northwind: Business, as_ana: JsonClient, tier: Tier, channel: str, status: int
) -> None:
    """Catalogue B56."""
    Business.objects.filter(pk=northwind.pk).update(tier=tier)
    assert put(as_ana, channel).status_code == status


def test_a_channel_above_the_tier_has_its_own_number(
    northwind: Business, as_ana: JsonClient
) -> None:
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    problem = put(as_ana, "sms").json()
    assert (problem["code"], problem["number"]) == ("channel_not_allowed", 4032)
    assert list(problem["fields"]) == ["channel"]


@pytest.mark.parametrize(
    ("tier", "cap", "status", "shown"),
    [
        (Tier.FREE, -1, 403, 10),
        (Tier.FREE, 11, 403, 10),
        (Tier.FREE, 10, 200, 10),
        (Tier.FREE, 0, 200, 0),
        (Tier.FREE, None, 200, 10),
        (Tier.FAMILY, -1, 403, 200),
        (Tier.BUSINESS, -1, 200, None),
        (Tier.BUSINESS, 2**31 - 1, 200, 2**31 - 1),
        (Tier.BUSINESS, None, 200, None),
    ],
)
def test_a_cap_is_at_most_the_tiers(
    northwind: Business,
    as_ana: JsonClient,
    tier: Tier,
    cap: int | None,
    status: int,
    shown: int | None,
) -> None:
    """Catalogue B54."""
    Business.objects.filter(pk=northwind.pk).update(tier=tier)
    assert put(as_ana, "in_app", maxPerDay=cap).status_code == status
    assert in_general(as_ana.get(PATH), "in_app")["maxPerDay"] == shown


def test_a_cap_above_the_tier_has_its_own_number(northwind: Business, as_ana: JsonClient) -> None:
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    problem = put(as_ana, "in_app", maxPerDay=11).json()
    assert (problem["code"], problem["number"]) == ("tier_limit_exceeded", 4031)
    assert list(problem["fields"]) == ["settings.maxPerDay"]


def test_a_lower_tier_takes_away_at_once(northwind: Business, as_ana: JsonClient) -> None:
    put(as_ana, "sms", maxPerDay=100)
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    row = in_general(as_ana.get(PATH, {"explain": "true"}), "sms")
    assert (row["enabled"], row["maxPerDay"]) == (False, 10)
    assert (row["sources"]["enabled"], row["sources"]["maxPerDay"]) == ("tier", "tier")


def test_whoever_set_nothing_sees_what_holds(as_ana: JsonClient) -> None:
    shown = as_ana.get(PATH).json()
    assert [row["channel"] for row in shown["global"]] == [
        *("in_app", "web_push", "sms", "whatsapp", "email")
    ]
    assert shown["byAura"] == {}
    assert shown["global"][0] == {
        "id": None,
        "auraId": None,
        "channel": "in_app",
        "enabled": True,
        "quietHours": {"enabled": False, "start": None, "end": None, "timezone": "UTC"},
        "maxPerDay": None,
        "priorityThreshold": 1,
        "metadata": {},
        "createdAt": None,
        "updatedAt": None,
    }


def test_the_most_specific_wins_and_says_so(aura: Aura, as_ana: JsonClient) -> None:
    put(as_ana, "in_app", quietHours=NIGHT)
    put(as_ana, "sms", maxPerDay=20, priorityThreshold=7)
    put(as_ana, "sms", aura, maxPerDay=5)
    answer = as_ana.get(PATH, {"explain": "true"})
    wide, narrow = in_general(answer, "sms"), for_aura(answer, aura)
    assert (wide["maxPerDay"], wide["priorityThreshold"]) == (20, 7)
    assert (narrow["maxPerDay"], narrow["priorityThreshold"]) == (5, 7)
    assert narrow["quietHours"] == wide["quietHours"] == NIGHT
    assert narrow["sources"] == {
        "enabled": "aura",
        "quietHours": "own",
        "quietHours.timezone": "own",
        "maxPerDay": "aura",
        "priorityThreshold": "channel",
    }
    assert wide["sources"]["maxPerDay"] == "channel"
    assert in_general(answer, "email")["sources"] == {
        "enabled": "default",
        "quietHours": "own",
        "quietHours.timezone": "own",
        "maxPerDay": "tier",
        "priorityThreshold": "default",
    }


def test_a_channels_quiet_hours_leave_the_persons_own_alone(as_ana: JsonClient) -> None:
    put(as_ana, "in_app", quietHours=NIGHT)
    siesta = {"enabled": True, "start": "13:00", "end": "15:00"}
    answer = put(as_ana, "sms", quietHours=siesta)
    assert in_general(answer, "sms")["quietHours"] == {**siesta, "timezone": "Europe/Berlin"}
    assert in_general(answer, "in_app")["quietHours"] == NIGHT


def test_null_gives_the_word_back_to_the_wider_row(as_ana: JsonClient) -> None:
    put(as_ana, "sms", quietHours=NIGHT, maxPerDay=5, priorityThreshold=9, metadata={"a": 1})
    answer = put(
        as_ana, "sms", quietHours=None, maxPerDay=None, priorityThreshold=None, metadata=None
    )
    row = in_general(answer, "sms")
    assert row["quietHours"]["enabled"] is False
    assert (row["maxPerDay"], row["priorityThreshold"], row["metadata"]) == (None, 1, {})


def test_null_for_the_inbox_takes_the_persons_quiet_hours_away(as_ana: JsonClient) -> None:
    put(as_ana, "in_app", quietHours=NIGHT)
    answer = put(as_ana, "in_app", quietHours=None)
    quiet = in_general(answer, "in_app")["quietHours"]
    assert quiet == {"enabled": False, "start": None, "end": None, "timezone": "Europe/Berlin"}


def test_null_for_the_inboxs_quiet_hours_leaves_the_persons_zone_and_digest_alone(
    as_ana: JsonClient, ana: User
) -> None:
    factories.make_preference(user=ana, time_zone="Asia/Tokyo", digest_time=time(18, 30))
    assert put(as_ana, "in_app", quietHours=None).status_code == 200
    row = Preference.objects.get(user=ana)
    assert (row.time_zone, row.digest_time, row.quiet_hours_enabled) == (
        "Asia/Tokyo",
        time(18, 30),
        False,
    )


def test_a_threshold_that_nobody_set_is_nobodys_word(aura: Aura, as_ana: JsonClient) -> None:
    put(as_ana, "sms", maxPerDay=20)
    put(as_ana, "sms", aura, maxPerDay=5)
    answer = as_ana.get(PATH, {"explain": "true"})
    for row in (in_general(answer, "sms"), for_aura(answer, aura)):
        assert (row["priorityThreshold"], row["sources"]["priorityThreshold"]) == (1, "default")


@pytest.mark.parametrize("channel", ["sms", "web_push"])
def test_after_a_downgrade_a_channel_can_be_switched_off_and_not_on(
    northwind: Business, as_ana: JsonClient, channel: str
) -> None:
    put(as_ana, channel, maxPerDay=5)
    Business.objects.filter(pk=northwind.pk).update(tier=Tier.FREE)
    refused = as_ana.put(PATH, {"channel": channel, "settings": {"enabled": True}})
    assert (refused.status_code, refused.json()["number"]) == (403, 4032)
    answer = as_ana.put(PATH, {"channel": channel, "settings": {"enabled": False}})
    assert answer.status_code == 200
    assert not ChannelPreference.objects.get(channel=channel).enabled


def test_what_is_left_out_stays(as_ana: JsonClient) -> None:
    put(as_ana, "sms", maxPerDay=5, metadata={"phone": "+4930123456"})
    row = in_general(put(as_ana, "sms", enabled=False), "sms")
    assert (row["enabled"], row["maxPerDay"]) == (False, 5)
    assert row["metadata"] == {"phone": "+4930123456"}


def test_off_for_the_person_is_off_for_every_aura(aura: Aura, as_ana: JsonClient) -> None:
    put(as_ana, "sms", aura)
    row = for_aura(put(as_ana, "in_app", enabled=False), aura)
    assert (row["enabled"], row["sources"]["enabled"]) == (False, "own")


def test_an_aura_may_be_on_where_its_channel_is_off(aura: Aura, as_ana: JsonClient) -> None:
    put(as_ana, "sms", enabled=False)
    answer = put(as_ana, "sms", aura)
    assert in_general(answer, "sms")["enabled"] is False
    assert for_aura(answer, aura)["enabled"] is True


def test_somebody_elses_aura_is_no_aura(
    northwind: Business, southbank: Business, boris: User, zoe: User, as_ana: JsonClient
) -> None:
    for aura in (
        factories.make_aura(business=northwind, user=boris),
        factories.make_aura(business=southbank, user=zoe),
    ):
        assert put(as_ana, "in_app", aura).status_code == 404
    body = {"auraId": UNKNOWN, "channel": "in_app", "settings": {"enabled": True}}
    assert as_ana.put(PATH, body).status_code == 404
    assert not ChannelPreference.objects.exists()


def test_what_a_channel_must_know_is_stored_for_nobody_else_to_read(as_ana: JsonClient) -> None:
    put(as_ana, "sms", metadata={"phone": "+4930123456"})
    [raw] = ChannelPreference.objects.extra(select={"raw": "metadata"}).values_list("raw")
    assert b"4930" not in bytes(raw[0])


@pytest.mark.parametrize("threshold", [2, 10])
def test_the_inbox_takes_everything_so_it_has_no_threshold(
    as_ana: JsonClient, threshold: int
) -> None:
    answer = put(as_ana, "in_app", priorityThreshold=threshold)
    assert answer.status_code == 422
    assert "min_urgency" in answer.json()["fields"]["settings.priorityThreshold"]
    assert not ChannelPreference.objects.exists()


@pytest.mark.parametrize("threshold", [1, None])
def test_what_was_read_of_the_inbox_can_be_written_back(
    as_ana: JsonClient, threshold: int | None
) -> None:
    assert put(as_ana, "in_app", priorityThreshold=threshold).status_code == 200
    shown = in_general(as_ana.get(f"{PATH}?explain=true"), "in_app")
    assert shown["priorityThreshold"] == 1
