from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.types import Outcome, Reason
from tests import factories
from tests.conftest import JsonClient
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

PATH = "/v3/proactive/events"


def ids(answer: dict[str, Any]) -> list[str]:
    return [row["id"] for row in answer["events"]]


def test_a_colleagues_events_are_not_in_it(
    northwind: Business, boris: User, as_ana: JsonClient
) -> None:
    factories.make_event(business=northwind, user=boris)
    assert as_ana.get(PATH).json()["events"] == []


def test_another_tenants_common_events_are_not_in_it(
    southbank: Business, as_ana: JsonClient
) -> None:
    factories.make_event(business=southbank, user=None)
    assert as_ana.get(PATH).json()["events"] == []


def test_a_code_is_masked_however_it_is_spaced(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    first = factories.make_event(business=northwind, user=ana, title="481 923 is your code")
    factories.make_classification(event=first, category=Category.SECURITY_CODE, code="481923")
    factories.make_event(
        business=northwind, user=ana, title="481 923 is your code", duplicate_of=first
    )
    titles = [row["title"] for row in as_ana.get(PATH).json()["events"]]
    assert titles == ["•••••• is your code"] * 2


def test_own_and_common_events_come_newest_first(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    common = factories.make_event(business=northwind, user=None)
    own = factories.make_event(business=northwind, user=ana)
    assert ids(as_ana.get(PATH).json()) == [str(own.public_id), str(common.public_id)]


def test_a_row_tells_verdict_and_outcome(told: Event, as_ana: JsonClient) -> None:
    [row] = as_ana.get(PATH).json()["events"]
    assert row == {
        "id": str(told.public_id),
        "kind": "email",
        "event_type": "GMAIL_NEW_GMAIL_MESSAGE",
        "title": "Your code is ••••••",
        "sender": {"name": "Carla", "address": "carla@acme.example"},
        "occurred_at": None,
        "received_at": "2026-03-04T12:00:00Z",
        "urgency": "critical",
        "category": "security_code",
        "duplicate_of": None,
        "outcome": "notify_now",
    }


def test_the_outcome_is_the_callers_own(
    northwind: Business, ana: User, boris: User, as_ana: JsonClient, as_boris: JsonClient
) -> None:
    event = factories.make_event(business=northwind, user=None)
    factories.make_decision(event=event, user=ana, outcome=Outcome.DROP, reason=Reason.REDUNDANT)
    factories.make_decision(event=event, user=boris)
    assert as_ana.get(PATH).json()["events"][0]["outcome"] == "drop"
    assert as_boris.get(PATH).json()["events"][0]["outcome"] == "notify_now"


def test_a_repeated_event_names_the_first(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    first = factories.make_event(business=northwind, user=ana)
    factories.make_event(business=northwind, user=ana, duplicate_of=first)
    row = as_ana.get(PATH).json()["events"][0]
    assert (row["duplicate_of"], row["urgency"]) == (str(first.public_id), None)


def test_one_kind_is_shown_alone(northwind: Business, ana: User, as_ana: JsonClient) -> None:
    factories.make_event(business=northwind, user=ana)
    meeting = factories.make_event(business=northwind, user=ana, kind=EventKind.CALENDAR)
    assert ids(as_ana.get(PATH, {"kind": "calendar"}).json()) == [str(meeting.public_id)]


def test_one_category_is_shown_alone(
    northwind: Business, ana: User, told: Event, as_ana: JsonClient
) -> None:
    factories.make_event(business=northwind, user=ana)
    query = {"category": "security_code"}
    assert ids(as_ana.get(PATH, query).json()) == [str(told.public_id)]


def test_one_urgency_is_shown_alone(
    northwind: Business, ana: User, told: Event, as_ana: JsonClient
) -> None:
    other = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=other, priority=2)
    query = {"urgency": "critical"}
    assert ids(as_ana.get(PATH, query).json()) == [str(told.public_id)]


def test_a_stretch_of_time_ends_before_its_end(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    rows = [
        factories.make_event(business=northwind, user=ana, received_at=NOON + timedelta(hours=hour))
        for hour in range(3)
    ]
    query = {"since": "2026-03-04T13:00:00Z", "until": "2026-03-04T14:00:00Z"}
    assert ids(as_ana.get(PATH, query).json()) == [str(rows[1].public_id)]


def test_a_long_page_needs_as_many_queries_as_a_short_one(
    northwind: Business,
    ana: User,
    as_ana: JsonClient,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        factories.make_event(business=northwind, user=ana)
    with django_assert_num_queries(4):
        as_ana.get(PATH)
