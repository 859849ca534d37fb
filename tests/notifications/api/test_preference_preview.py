from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import Business, User
from apps.notifications.models import Decision, Notification, Preference
from apps.notifications.types import Outcome, Reason
from apps.rules.models import Inhibition
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db

PATH = "/v3/proactive/preferences/preview"
# Person, business, preferences, channels, decisions, assignments, silences, titles, with room.
QUERIES = 16


def told(user: User, business: Business, at: datetime, **values: Any) -> Notification:
    """As a drain at that moment would have left it, for something different each time."""
    title = values.pop("title", f"Matter {factories.values.number()}")
    event = factories.make_event(business=business, user=user, title=title, received_at=at)
    factories.make_classification(event=event, **values)
    return factories.make_notification(event=event, user=user, now=at)


def dropped(user: User, business: Business, at: datetime) -> Decision:
    event = factories.make_event(business=business, user=user, received_at=at)
    factories.make_classification(event=event, relevance=0.1)
    return factories.make_decision(
        event=event,
        user=user,
        outcome=Outcome.DROP,
        reason=Reason.BELOW_RELEVANCE,
        created_at=at,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"enabled": "yes"}, "enabled"),
        ({"relevance_threshold": 1.01}, "relevance_threshold"),
        ({"quiet_hours": {"enabled": True}}, "quiet_hours"),
        ({"quiet_hours": {"start": "22:00", "end": "22:00"}}, "quiet_hours"),
        ({"time_zone": "Mars/X"}, "time_zone"),
        ({"tenant_id": 1}, "tenant_id"),
    ],
    ids=str,
)
def test_a_wrong_value_is_refused_as_a_change_would_be(
    as_ana: JsonClient, change: dict[str, Any], field: str
) -> None:
    tried, changed = as_ana.post(PATH, change), as_ana.patch("/v3/proactive/preferences", change)
    assert tried.status_code == changed.status_code == 422
    assert tried.json()["code"] == changed.json()["code"]
    assert list(tried.json()["fields"]) == [field]


def test_what_is_no_object_is_refused(as_ana: JsonClient) -> None:
    assert as_ana.post(PATH, [1]).status_code == 400
    assert as_ana.post(PATH, "{", content_type="application/json").status_code == 400


def test_who_was_told_nothing_sees_zeros(as_ana: JsonClient) -> None:
    assert as_ana.post(PATH, {}).json() == {
        "days": 30,
        "events": 0,
        "interruptions": {"now": 0, "then": 0},
        "digested": {"now": 0, "then": 0},
        "deferred": {"now": 0, "then": 0},
        "dropped": {"now": 0, "then": 0},
        "dropped_because": {"now": {}, "then": {}},
        "median_delay_minutes": {"now": None, "then": None},
        "later": [],
        "later_count": 0,
        "cut": False,
    }


def test_what_others_were_told_is_not_counted(
    as_ana: JsonClient, northwind: Business, southbank: Business, boris: User, zoe: User
) -> None:
    now = factories.values.NOON
    told(boris, northwind, now)
    told(zoe, southbank, now)
    assert as_ana.post(PATH, {}).json()["events"] == 0


def test_what_one_was_told_in_another_business_is_not_counted(
    as_ana: JsonClient, southbank: Business, ana: User, now: datetime
) -> None:
    told(ana, southbank, now - timedelta(days=1))
    assert as_ana.post(PATH, {}).json()["events"] == 0


def test_only_the_last_thirty_days_count(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    for days in (29, 30.5, 40):
        told(ana, northwind, now - timedelta(days=days))
    assert as_ana.post(PATH, {}).json()["events"] == 1


def test_a_higher_threshold_drops_and_says_why(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    at = now - timedelta(days=2)
    told(ana, northwind, at, relevance=0.9, title="The harbor is closed")
    told(ana, northwind, at + timedelta(hours=1), relevance=0.3, title="A picnic by the sea")
    answer = as_ana.post(PATH, {"relevance_threshold": 0.5}).json()
    assert answer["interruptions"] == {"now": 2, "then": 1}
    assert answer["dropped_because"] == {"now": {}, "then": {"below_relevance": 1}}


def test_what_was_dropped_may_be_told_with_other_preferences(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    factories.make_preference(user=ana, relevance_threshold=0.5)
    dropped(ana, northwind, now - timedelta(days=1))
    answer = as_ana.post(PATH, {"relevance_threshold": 0}).json()
    assert answer["interruptions"] == {"now": 0, "then": 1}


def test_a_budget_puts_off_what_is_worth_least(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    at = (now - timedelta(days=2)).replace(hour=9)
    told(ana, northwind, at, title="The harbor is closed")
    told(ana, northwind, at + timedelta(hours=1), title="A picnic by the sea")
    answer = as_ana.post(PATH, {"interruption_budget": 1}).json()
    assert answer["interruptions"] == {"now": 2, "then": 1}
    assert answer["digested"] == {"now": 0, "then": 1}
    assert not Preference.objects.exists()


def test_urgent_things_that_come_later_are_named_with_their_codes_masked(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    at = now - timedelta(days=1)
    one = told(ana, northwind, at, priority=9, title="Use 482913 now", code="482913")
    [row] = as_ana.post(PATH, {"enabled": False}).json()["later"]
    assert row["id"] == str(one.event.public_id)
    assert row["title"] == "Use •••••• now"
    assert row["due_then"] is None


def test_more_than_is_looked_at_is_said(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime, settings: Settings
) -> None:
    settings.PREVIEW_MAX_EVENTS = 2
    for hours in (3, 2, 1):
        told(ana, northwind, now - timedelta(hours=hours))
    answer = as_ana.post(PATH, {}).json()
    assert (answer["events"], answer["cut"]) == (2, True)


def test_a_silence_of_then_is_heeded_and_one_made_since_is_not(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    told(ana, northwind, now - timedelta(days=1))
    factories.make_silence(
        business=northwind, user=ana, category="message", expires_at=now + timedelta(days=1)
    )
    assert as_ana.post(PATH, {}).json()["interruptions"]["now"] == 1


def test_an_inhibition_of_then_is_heeded_and_one_made_since_is_not(
    as_ana: JsonClient, northwind: Business, ana: User, now: datetime
) -> None:
    for minutes, category in ((60, "risk"), (30, "message")):
        told(ana, northwind, now - timedelta(minutes=minutes), category=category)
    factories.make_inhibition(business=northwind)
    assert as_ana.post(PATH, {}).json()["interruptions"]["now"] == 2
    Inhibition.objects.update(created_at=now - timedelta(hours=1))
    answer = as_ana.post(PATH, {"categories": ["message"]}).json()
    assert answer["dropped_because"]["now"] == {"inhibited": 1}
    assert answer["dropped_because"]["then"] == {"category_muted": 1}


def test_a_preview_costs_the_same_however_much_was_recorded(
    as_ana: JsonClient,
    northwind: Business,
    ana: User,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for hours in range(1, 30):
        told(ana, northwind, now - timedelta(hours=hours), priority=9)
    with django_assert_max_num_queries(QUERIES):
        answer = as_ana.post(PATH, {"enabled": False, "frequency": "batch"}).json()
    assert (len(answer["later"]), answer["later_count"]) == (20, 29)
    assert not Preference.objects.exists()
