"""`/api/v1/user-preferences/`: seed 002's door, and who may pass it for whom."""

from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.notifications.models import Preference
from tests import factories
from tests.conftest import ApiFor, JsonClient

pytestmark = pytest.mark.django_db

ROOT = "/api/v1/user-preferences/"
ME = f"{ROOT}me"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"notification_enabled": 1}, "notification_enabled"),
        ({"relevance_threshold": 1.01}, "relevance_threshold"),
        ({"relevance_threshold": "0.7"}, "relevance_threshold"),
        ({"notification_categories": ["gossip"]}, "notification_categories.0"),
        ({"notification_frequency": "hourly"}, "notification_frequency"),
        ({"digest_time": "24:00:00"}, "digest_time"),
        ({"digest_time": "7:5"}, "digest_time"),
        ({"digest_time": "10:00:30"}, "digest_time"),
        ({"digest_time": "10:00:00:00"}, "digest_time"),
        ({"digest_time": "25:61"}, "digest_time"),
        ({"digest_day_of_week": 7}, "digest_day_of_week"),
        ({"digest_day_of_week": None}, "digest_day_of_week"),
        ({"assigned_clients_only": "true"}, "assigned_clients_only"),
        ({"interruption_budget": 0}, "interruption_budget"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_by_its_name(
    as_ana: JsonClient, change: dict[str, Any], field: str
) -> None:
    answer = as_ana.put(ME, change)
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not Preference.objects.exists()


@pytest.mark.parametrize("name", ["id", "user_id", "business_id", "created_at", "enabled", "tier"])
def test_what_may_not_be_written_changes_nothing(as_ana: JsonClient, name: str) -> None:
    """Catalogue B50."""
    answer = as_ana.put(ME, {name: "x", "notification_enabled": False})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
    assert not Preference.objects.exists()


def test_the_first_look_makes_the_defaults(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    shown = as_ana.get(ME).json()
    row = Preference.objects.get()
    assert parse_datetime(shown.pop("created_at")) == row.created_at
    assert parse_datetime(shown.pop("updated_at")) == row.updated_at
    assert shown == {
        "id": str(row.public_id),
        "user_id": str(ana.public_id),
        "business_id": str(northwind.public_id),
        "notification_enabled": True,
        "email_notifications_enabled": True,
        "relevance_threshold": 0.0,
        "notification_categories": None,
        "notification_frequency": "instant",
        "digest_time": "09:00:00",
        "digest_day_of_week": 0,
        "assigned_clients_only": False,
        "interruption_budget": None,
        "channel_order": [],
        "escalation_minutes": None,
    }
    assert as_ana.get(ME).json()["id"] == shown["id"]


def test_the_seeds_own_request_is_taken(as_ana: JsonClient) -> None:
    change = {
        "relevance_threshold": 0.8,
        "notification_categories": ["risk", "expansion"],
        "notification_frequency": "daily",
        "digest_time": "10:00:00",
    }
    shown = as_ana.put(ME, change).json()
    assert {name: shown[name] for name in change} == change
    assert shown["notification_enabled"] is True


def test_an_admin_sees_a_colleague_and_makes_no_row(boris: User, as_ana: JsonClient) -> None:
    shown = as_ana.get(f"{ROOT}{boris.public_id}").json()
    assert (shown["user_id"], shown["id"]) == (str(boris.public_id), None)
    assert not Preference.objects.exists()


def test_everybody_sees_themselves(boris: User, as_boris: JsonClient) -> None:
    assert as_boris.get(f"{ROOT}{boris.public_id}").status_code == 200


def test_nobody_sees_a_colleague_without_being_an_admin(ana: User, as_boris: JsonClient) -> None:
    assert as_boris.get(f"{ROOT}{ana.public_id}").status_code == 404


def test_an_admin_elsewhere_sees_nobody(ana: User, boris: User, as_zoe: JsonClient) -> None:
    for user in (ana, boris):
        assert as_zoe.get(f"{ROOT}{user.public_id}").status_code == 404
        assert as_zoe.post(ROOT, {"user_id": str(user.public_id)}).status_code == 404


def test_somebody_who_works_elsewhere_is_not_the_second_businesss_to_set(
    southbank: Business, boris: User, as_zoe: JsonClient
) -> None:
    factories.make_membership(user=boris, business=southbank)
    assert as_zoe.get(f"{ROOT}{boris.public_id}").status_code == 404


def test_an_admin_makes_preferences_for_a_colleague(
    ana: User, boris: User, as_ana: JsonClient, as_boris: JsonClient
) -> None:
    body = {"user_id": str(boris.public_id), "notification_frequency": "weekly"}
    answer = as_ana.post(ROOT, body)
    assert answer.status_code == 201
    assert as_boris.get(ME).json() == answer.json()
    assert answer.json()["notification_frequency"] == "weekly"
    [event] = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED)
    assert (event.actor, event.metadata) == (ana, {"fields": ["frequency"], "user": boris.pk})


def test_preferences_are_made_once(boris: User, as_ana: JsonClient) -> None:
    factories.make_preference(user=boris)
    assert as_ana.post(ROOT, {"user_id": str(boris.public_id)}).status_code == 409


def test_only_admins_make_preferences(boris: User, as_boris: JsonClient) -> None:
    assert as_boris.post(ROOT, {"user_id": str(boris.public_id)}).status_code == 403
    assert not Preference.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "user_id"), ({"user_id": 7}, "user_id"), ({"user_id": "7"}, "user_id")],
    ids=str,
)
def test_for_whom_must_be_said(as_ana: JsonClient, body: dict[str, Any], field: str) -> None:
    answer = as_ana.post(ROOT, body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_an_admin_takes_a_colleague_back_to_the_defaults(boris: User, as_ana: JsonClient) -> None:
    row = factories.make_preference(user=boris, enabled=False)
    assert as_ana.delete(f"{ROOT}{row.public_id}").status_code == 204
    assert as_ana.get(f"{ROOT}{boris.public_id}").json()["notification_enabled"] is True
    assert AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).count() == 1
    assert as_ana.delete(f"{ROOT}{row.public_id}").status_code == 404


def test_only_admins_delete_even_their_own(boris: User, as_boris: JsonClient) -> None:
    row = factories.make_preference(user=boris)
    assert as_boris.delete(f"{ROOT}{row.public_id}").status_code == 403
    assert Preference.objects.exists()


def test_nobody_deletes_what_they_cannot_see(
    ana: User, as_boris: JsonClient, as_zoe: JsonClient
) -> None:
    row = factories.make_preference(user=ana)
    for api in (as_boris, as_zoe):
        assert api.delete(f"{ROOT}{row.public_id}").status_code == 404
    assert Preference.objects.exists()


def test_a_deletion_of_something_changed_since_is_refused(boris: User, as_ana: JsonClient) -> None:
    row = factories.make_preference(user=boris)
    tag = as_ana.get(f"{ROOT}{boris.public_id}")["ETag"]
    row.save()
    answer = as_ana.delete(f"{ROOT}{row.public_id}", headers={"If-Match": tag})
    assert answer.status_code == 412


@pytest.mark.parametrize(("scopes", "status"), [(("read",), 403), (("write",), 200)])
def test_a_key_needs_the_scope_to_change(
    northwind: Business, ana: User, scopes: tuple[str, ...], status: int
) -> None:
    _, text = factories.make_api_key(business=northwind, user=ana, scopes=scopes)
    api = JsonClient(headers={"X-API-Key": text})
    assert api.put(ME, {"notification_enabled": False}).status_code == status


def test_nobody_else_gets_in(anonymous: JsonClient, api_for: ApiFor, ana: User) -> None:
    stranger = api_for(factories.make_user(name="Nora"))
    for path in (ME, f"{ROOT}{ana.public_id}"):
        assert anonymous.get(path).status_code == 401
        assert stranger.get(path).status_code == 403
