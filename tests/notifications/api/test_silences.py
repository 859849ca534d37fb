from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.notifications.models import Notification
from apps.rules.models import Silence
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

SNOOZE = "/api/notifications/snooze"
PATH = "/api/notifications/silences"


@pytest.fixture
def soon(now: datetime) -> str:
    return (now + timedelta(days=1)).isoformat()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "for"),
        ({"for": "week"}, "for"),
        ({"for": None}, "for"),
        ({"for": 1}, "for"),
        ({"for": "hour", "until": "2026-01-01T00:00:00Z"}, "until"),
    ],
    ids=str,
)
def test_a_snooze_is_for_an_hour_or_until_tomorrow(
    as_ana: JsonClient, body: dict[str, Any], field: str
) -> None:
    answer = as_ana.post(SNOOZE, body)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["fields"]) == [field]
    assert not Silence.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"category": "gossip"}, "category"),
        ({"sender": "nobody"}, "sender"),
        ({"sender": "x" * 255}, "sender"),
        ({"minPriority": 0}, "minPriority"),
        ({"maxPriority": 11}, "maxPriority"),
        ({"minPriority": 8, "maxPriority": 3}, "maxPriority"),
        ({"clientId": "acme"}, "clientId"),
        ({"eventType": 7}, "eventType"),
        ({"comment": "x" * 501}, "comment"),
        ({"expiresAt": None}, "expiresAt"),
        ({"expiresAt": "tomorrow"}, "expiresAt"),
        ({"expiresAt": "2030-01-01T00:00:00"}, "expiresAt"),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "9999-12-31T23:59:59Z"}, "expiresAt"),
        ({"expiresAt": "9999-12-31T23:59:59-23:59"}, "expiresAt"),
        ({"expiresAt": "0001-01-01T00:00:00+23:59"}, "expiresAt"),
        ({"user": 1}, "user"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_by_its_name(
    as_ana: JsonClient, soon: str, change: dict[str, Any], field: str
) -> None:
    answer = as_ana.post(PATH, {"expiresAt": soon, **change})
    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == [field]
    assert not Silence.objects.exists()


def test_another_tenants_client_does_not_exist(
    southbank: Business, as_ana: JsonClient, soon: str
) -> None:
    foreign = factories.make_client(business=southbank)
    answer = as_ana.post(PATH, {"expiresAt": soon, "clientId": str(foreign.public_id)})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_shared_one_cannot_be_ended(northwind: Business, as_ana: JsonClient) -> None:
    shared = factories.make_silence(business=northwind)
    assert as_ana.delete(f"{PATH}/{shared.public_id}").status_code == 403


def test_a_second_delete_finds_nothing(northwind: Business, ana: User, as_ana: JsonClient) -> None:
    mine = factories.make_silence(business=northwind, user=ana, category="news")
    statuses = [as_ana.delete(f"{PATH}/{mine.public_id}").status_code for _ in range(2)]
    assert statuses == [204, 404]


def test_an_added_silence_is_shown(
    northwind: Business, ana: User, as_ana: JsonClient, soon: str
) -> None:
    acme = factories.make_client(business=northwind)
    wanted = {
        "category": "newsletter",
        "eventType": "mail.received",
        "sender": "@acme.example",
        "clientId": str(acme.public_id),
        "minPriority": 1,
        "maxPriority": 6,
        "comment": "Until the fair is over",
    }
    answer = as_ana.post(PATH, {**wanted, "expiresAt": soon})
    assert answer.status_code == 201
    shown = answer.json()
    assert shown.items() >= {**wanted, "shared": False, "author": ana.name}.items()
    assert parse_datetime(shown["expiresAt"]) == parse_datetime(soon)
    assert as_ana.get(PATH).json()["silences"] == [shown]


def test_the_list_holds_own_and_shared_ones_that_have_not_ended(
    northwind: Business, southbank: Business, ana: User, boris: User, as_ana: JsonClient
) -> None:
    later = factories.make_silence(business=northwind, category="news")
    first = factories.make_silence(
        business=northwind, user=ana, expires_at=later.expires_at - timedelta(minutes=5)
    )
    factories.make_silence(
        business=northwind, user=ana, expires_at=later.expires_at - timedelta(hours=2)
    )
    factories.make_silence(business=northwind, user=boris)
    factories.make_silence(business=southbank)
    answer = as_ana.get(PATH).json()
    assert [row["id"] for row in answer["silences"]] == [
        str(first.public_id),
        str(later.public_id),
    ]
    assert [row["shared"] for row in answer["silences"]] == [False, True]
    assert answer["total"] == 2


def test_the_last_snooze_counts_until_it_is_ended(
    northwind: Business, ana: User, as_ana: JsonClient, now: datetime
) -> None:
    narrow = factories.make_silence(business=northwind, user=ana, category="news")
    as_ana.post(SNOOZE, {"for": "tomorrow"})
    ends = parse_datetime(as_ana.post(SNOOZE, {"for": "hour"}).json()["expiresAt"])
    assert ends is not None
    assert timedelta(0) <= ends - (now + timedelta(hours=1)) < timedelta(minutes=1)
    assert Silence.objects.filter(ended_at=None).count() == 2
    assert [as_ana.delete(SNOOZE).status_code for _ in range(2)] == [204, 204]
    assert Silence.objects.get(ended_at=None) == narrow


def test_what_a_snooze_held_is_due_once_it_is_ended(
    northwind: Business, ana: User, as_ana: JsonClient, now: datetime
) -> None:
    assert as_ana.post(SNOOZE, {"for": "hour"}).status_code == 201
    event = factories.make_event(business=northwind, user=ana)
    held = factories.make_delivery(
        notification=factories.make_notification(event=event, user=ana),
        due_at=now + timedelta(hours=1),
        reason="snoozed",
    )
    assert as_ana.delete(SNOOZE).status_code == 204
    held.refresh_from_db()
    assert held.due_at < now + timedelta(minutes=30)


def test_a_colleagues_snooze_goes_on(northwind: Business, boris: User, as_ana: JsonClient) -> None:
    factories.make_silence(business=northwind, user=boris)
    as_ana.delete(SNOOZE)
    assert Silence.objects.exists()


def test_all_of_it_is_recorded_without_a_matcher(as_ana: JsonClient, soon: str) -> None:
    silence = as_ana.post(PATH, {"expiresAt": soon, "sender": "carla@acme.example"}).json()
    as_ana.delete(f"{PATH}/{silence['id']}")
    as_ana.post(SNOOZE, {"for": "hour"})
    as_ana.delete(SNOOZE)
    events = AuditEvent.objects.filter(type=AuditType.CONFIG_CHANGED).order_by("id")
    assert [event.message for event in events] == [
        "Silence added",
        "Silence lifted",
        "Silence added",
        "Snooze ended",
    ]
    assert not [event for event in events if "carla" in f"{event.metadata}{event.subject}"]


def test_one_notification_is_snoozed_alone(
    as_ana: JsonClient, northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    row, other = (
        factories.make_notification(
            event=factories.make_event(business=northwind, user=user), user=user, now=now
        )
        for user in (ana, boris)
    )
    path = f"/api/notifications/{row.public_id}/snooze"
    assert as_ana.post(path, {"for": "week"}).status_code == 422
    assert (
        as_ana.post(
            path.replace(str(row.public_id), str(other.public_id)), {"for": "hour"}
        ).status_code
        == 404
    )
    answer = as_ana.post(path, {"for": "hour"})
    until = parse_datetime(answer.json()["until"])
    assert (answer.status_code, until) == (200, Notification.objects.get(pk=row.pk).due_at)
    assert as_ana.post(path, {"for": "hour"}).status_code == 409
    assert AuditEvent.objects.filter(type=AuditType.NOTIFICATION_POSTPONED).count() == 1
    assert not Silence.objects.exists()
