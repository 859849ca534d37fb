from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.types import Category
from apps.notifications.models import Notification
from tests import factories
from tests.conftest import JsonClient
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

PATH = "/api/notifications/history"
Status = Notification.Status

Told = Callable[..., Notification]


@pytest.fixture
def told(northwind: Business, ana: User) -> Told:
    def make(**values: Any) -> Notification:
        event = factories.make_event(business=northwind, user=ana)
        return factories.make_notification(event=event, user=ana, **values)

    return make


def ids(answer: dict[str, Any]) -> list[str]:
    return [row["id"] for row in answer["notifications"]]


def read(api: JsonClient, notification: Notification) -> Any:
    return api.patch(f"/api/notifications/{notification.public_id}/read")


def test_nothing_yet_is_an_empty_page(as_ana: JsonClient) -> None:
    body = as_ana.get(PATH).json()
    assert (body["notifications"], body["total"], body["hasMore"]) == ([], 0, False)


def test_a_notification_looks_like_the_seeds_message(told: Told, as_ana: JsonClient) -> None:
    notification = told(title="Carla: Offer", body="See above.", priority=8, category=Category.RISK)
    [row] = as_ana.get(PATH).json()["notifications"]
    assert row == {
        "id": str(notification.public_id),
        "title": "Carla: Offer",
        "message": "See above.",
        "category": "risk",
        "priority": 8,
        "urgency": "high",
        "status": "delivered",
        "deliveryChannel": "in_app",
        "createdAt": "2026-03-04T12:00:00Z",
        "deliveredAt": "2026-03-04T12:00:00Z",
        "readAt": None,
        "eventId": str(notification.event.public_id),
        "correlationId": str(notification.correlation_id),
    }


def test_the_newest_come_first_page_by_page(told: Told, as_ana: JsonClient) -> None:
    rows = [told(now=NOON + timedelta(minutes=minute)) for minute in range(3)]
    newest_first = [str(row.public_id) for row in reversed(rows)]
    first = as_ana.get(PATH, {"limit": 2}).json()
    second = as_ana.get(PATH, {"limit": 2, "offset": 2}).json()
    assert ids(first) + ids(second) == newest_first
    assert (first["total"], first["hasMore"], second["hasMore"]) == (3, True, False)


def test_an_aura_has_said_nothing_yet(told: Told, as_ana: JsonClient) -> None:
    told()
    aura = "01a1fbe1-0000-7000-8000-000000000000"
    assert as_ana.get(PATH, {"auraId": aura}).json()["total"] == 0


def test_one_status_is_shown_alone(told: Told, as_ana: JsonClient) -> None:
    told(status=Status.QUEUED)
    expired = told(status=Status.EXPIRED)
    assert ids(as_ana.get(PATH, {"status": "expired"}).json()) == [str(expired.public_id)]


def test_a_stretch_of_time_is_shown_with_both_its_ends(told: Told, as_ana: JsonClient) -> None:
    rows = [told(now=NOON + timedelta(hours=hour)) for hour in range(4)]
    query = {"startDate": "2026-03-04T14:00:00+01:00", "endDate": "2026-03-04T14:00:00Z"}
    assert ids(as_ana.get(PATH, query).json()) == [
        str(rows[2].public_id),
        str(rows[1].public_id),
    ]


def test_a_long_page_needs_as_many_queries_as_a_short_one(
    told: Told, as_ana: JsonClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        told()
    with django_assert_num_queries(4):
        as_ana.get(PATH)


def test_what_is_not_in_the_inbox_yet_cannot_be_read(told: Told, as_ana: JsonClient) -> None:
    notification = told(status=Status.QUEUED)
    assert read(as_ana, notification).status_code == 409
    notification.refresh_from_db()
    assert (notification.status, notification.read_at) == (Status.QUEUED, None)


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.FAILED])
def test_reading_does_not_undo_an_end(told: Told, as_ana: JsonClient, status: Status) -> None:
    notification = told(status=status)
    assert read(as_ana, notification).status_code == 200
    notification.refresh_from_db()
    assert notification.status == status
    assert notification.read_at is not None


def test_reading_answers_when(told: Told, as_ana: JsonClient) -> None:
    notification = told()
    answer = read(as_ana, notification).json()
    notification.refresh_from_db()
    assert notification.status == Status.READ
    assert notification.read_at is not None
    shown = notification.read_at.isoformat().replace("+00:00", "Z")
    assert answer == {"success": True, "readAt": shown}


def test_reading_twice_answers_the_same(told: Told, as_ana: JsonClient) -> None:
    notification = told()
    assert read(as_ana, notification).json() == read(as_ana, notification).json()


def test_reading_is_recorded_once(told: Told, as_ana: JsonClient, ana: User) -> None:
    notification = told()
    read(as_ana, notification)
    read(as_ana, notification)
    [event] = AuditEvent.objects.filter(type=AuditType.NOTIFICATION_READ)
    assert (event.actor, event.correlation_id) == (ana, notification.correlation_id)
