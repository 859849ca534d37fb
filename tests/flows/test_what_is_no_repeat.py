"""The same words again are told once; what has changed is told, however alike it is."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.core.identifiers import uuid7
from apps.core.signing import Scheme
from apps.ingestion.models import RawEvent
from apps.ingestion.services.sources import add_secret
from apps.notifications.models import Decision
from tests import factories
from tests.flows.conftest import Drain, Outsider
from tests.flows.test_live_equals_replay import lived, replayed

Told = Callable[[dict[str, Any]], str]


def outcome_of(correlation_id: str) -> str:
    """ "folded", or outcome and reason of the one decision there is."""
    raw = RawEvent.objects.get(correlation_id=correlation_id)
    decision = Decision.objects.filter(correlation_id=correlation_id).first()
    return f"{decision.outcome} {decision.reason}" if decision else raw.reason


@pytest.fixture
def calendar(mailroom: Outsider, drain: Drain, now: datetime) -> Told:
    """Post one version of one meeting, drain, and say what became of it."""

    def post(changes: dict[str, Any]) -> str:
        data = {
            "event_type": "updated",
            "calendar_id": "primary",
            "event_id": "standup",
            "summary": "Budget with Contoso",
            "start_time": (now + timedelta(hours=3)).isoformat(),
            "end_time": (now + timedelta(hours=4)).isoformat(),
            "status": "confirmed",
            "updated_at": now.isoformat(),
            **changes,
        }
        slug = data.pop("slug", "GOOGLECALENDAR_GOOGLE_CALENDAR_EVENT_SYNC_TRIGGER")
        answer = mailroom.post(
            {
                "id": f"msg_{uuid7().hex}",
                "timestamp": now.isoformat(),
                "type": "composio.trigger.message",
                "metadata": {"trigger_slug": slug, "user_id": "pg-ana"},
                "data": data,
            }
        )
        drain(now)
        return outcome_of(answer.event_id)

    return post


@pytest.fixture
def radar(northwind: Business, ana: User, drain: Drain, now: datetime) -> Told:
    """A sender of one's own that says of the same thing how bad it is."""
    source = factories.make_source(
        business=northwind, kind="generic", slug="radar", scheme=Scheme.STANDARD_WEBHOOKS
    )
    factories.make_linked_account(
        business=northwind, user=ana, kind="external_user", external_id="ana"
    )
    outsider = Outsider(source, add_secret(source)[1])

    def post(changes: dict[str, Any]) -> str:
        data = {"title": "Disk of db-1", "body": "The disk of db-1 is nearly full.", **changes}
        kind = data.pop("type", "alert.opened")
        answer = outsider.post({"type": kind, "user": "ana", "data": data})
        drain(now)
        return outcome_of(answer.event_id)

    return post


def test_the_same_version_of_a_meeting_twice_is_one(calendar: Told) -> None:
    assert calendar({}).startswith("notify_now")
    assert calendar({}) == "duplicate_content"


def test_who_accepted_a_meeting_is_no_news(calendar: Told, now: datetime) -> None:
    calendar({})
    later = (now + timedelta(seconds=1)).isoformat()
    accepted = [{"email": "ben@contoso.example", "responseStatus": "accepted"}]
    assert calendar({"updated_at": later, "attendees": accepted}) == "drop redundant"


def test_who_accepted_a_meeting_is_no_news_after_its_reminder_either(
    calendar: Told, now: datetime
) -> None:
    calendar({})
    later = (now + timedelta(seconds=1)).isoformat()
    reminder = {"slug": "GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER", "event_type": ""}
    assert calendar(reminder).startswith("notify_now")
    assert calendar({"updated_at": later}) == "drop redundant"
    assert calendar({**reminder, "updated_at": later}) == "drop redundant"


def test_a_replay_decides_of_a_meeting_as_live_did(
    calendar: Told, northwind: Business, ana: User, now: datetime
) -> None:
    reminder = {"slug": "GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER", "event_type": ""}
    rooms = [{"location": room} for room in ("1", "2", "1", "1")]
    for number, changes in enumerate([*rooms, reminder, *rooms, reminder]):
        updated_at = now + timedelta(seconds=number)
        calendar({**changes, "updated_at": updated_at.isoformat()})
    told = lived(ana)
    assert Counter(outcome for outcome, _, _ in told) == {"notify_now": 6, "drop": 4}
    assert replayed(northwind, ana) == told


@pytest.mark.parametrize(
    "change",
    [
        {"event_type": "deleted", "status": "cancelled"},
        {"event_type": "deleted", "status": "confirmed"},
        {"location": "Room 7"},
        {"slug": "GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER", "event_type": ""},
        {"event_id": "another"},
    ],
    ids=str,
)
def test_a_meeting_that_changes_a_second_later_is_told(
    calendar: Told, change: dict[str, Any]
) -> None:
    calendar({"event_type": "created"})
    assert calendar(change).startswith("notify_now")


def test_a_meeting_that_is_moved_back_is_told_again(calendar: Told, now: datetime) -> None:
    times = [now + timedelta(hours=hours) for hours in (3, 5, 3)]
    told = [
        calendar(
            {
                "start_time": at.isoformat(),
                "end_time": (at + timedelta(hours=1)).isoformat(),
                "updated_at": (now + timedelta(seconds=number)).isoformat(),
            }
        )
        for number, at in enumerate(times)
    ]
    assert [word.partition(" ")[0] for word in told] == ["notify_now"] * 3


def test_an_alarm_that_becomes_worse_is_told_though_the_first_was_not(
    radar: Told, ana: User
) -> None:
    factories.make_preference(user=ana, min_urgency="medium")
    assert radar({"priority": 3}) == "drop below_min_urgency"
    assert radar({"priority": 9}) == "notify_now urgent"
    assert radar({"priority": 9}) == "duplicate_content"
    assert radar({"priority": 9, "type": "alert.closed"}) == "notify_now urgent"
