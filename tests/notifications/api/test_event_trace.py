from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.models import Insight
from apps.classification.types import Category
from apps.ingestion.models import Event, RawEvent
from apps.notifications.types import TurnedStep
from tests import factories
from tests.conftest import JsonClient
from tests.notifications.api.conftest import CODE

pytestmark = pytest.mark.django_db

PATH = "/v3/proactive/events"


def trace(api: JsonClient, event: Event) -> Any:
    return api.get(f"{PATH}/{event.public_id}").json()


def test_the_code_is_nowhere_but_in_the_notification(told: Event, as_ana: JsonClient) -> None:
    body = trace(as_ana, told)
    body.pop("notification")
    assert CODE not in str(body)
    assert body["classification"]["code"] == "••••••"
    assert body["title"] == "Your code is ••••••"


def test_a_spaced_code_is_masked_in_what_came_before_and_in_what_repeats_it(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    text: dict[str, Any] = {"title": "481 923 is your code", "content": "Enter 48-19-23."}
    first = factories.make_event(business=northwind, user=ana, **text)
    factories.make_classification(event=first, category=Category.SECURITY_CODE, code="481923")
    again = factories.make_event(business=northwind, user=ana, duplicate_of=first, **text)
    later = factories.make_event(business=northwind, user=ana, previous=first)
    masked = ("•••••• is your code", "Enter ••••••.")
    assert (trace(as_ana, first)["title"], trace(as_ana, first)["content"]) == masked
    assert (trace(as_ana, again)["title"], trace(as_ana, again)["content"]) == masked
    assert trace(as_ana, later)["previous"]["title"] == masked[0]


def test_the_body_as_it_came_is_never_shown(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    raw = factories.make_raw_event(
        business=northwind, body=b'{"secret": "sealed"}', state=RawEvent.State.DONE
    )
    event = factories.make_event(business=northwind, user=ana, raw_event=raw)
    assert "sealed" not in str(trace(as_ana, event))


def test_somebody_elses_decision_is_not_in_it(
    northwind: Business, boris: User, as_ana: JsonClient
) -> None:
    event = factories.make_event(business=northwind, user=None)
    decision = factories.make_decision(event=event, user=boris)
    factories.make_notification(event=event, user=boris, decision=decision)
    body = trace(as_ana, event)
    assert (body["decision"], body["notification"], body["deliveries"]) == (None, None, [])


def test_an_unjudged_event_has_no_verdict(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    first = factories.make_event(business=northwind, user=ana)
    again = factories.make_event(business=northwind, user=ana, duplicate_of=first)
    body = trace(as_ana, again)
    assert (body["classification"], body["client"], body["previous"]) == (None, None, None)
    assert body["duplicate_of"] == str(first.public_id)


def test_every_stage_is_in_it(told: Event, ana: User, as_ana: JsonClient) -> None:
    body = trace(as_ana, told)
    assert body["id"] == str(told.public_id)
    assert body["correlation_id"] == str(told.correlation_id)
    assert body["client"]["name"] == "Acme"
    assert (body["raw"]["state"], body["raw"]["source"]) == ("done", "Mail")
    assert body["classification"]["urgency"] == "critical"
    assert body["classification"]["signals"] == [{"code": "code_in_subject", "detail": ""}]
    assert (body["decision"]["outcome"], body["decision"]["reason"]) == ("notify_now", "passed")
    assert body["notification"]["eventId"] == str(told.public_id)


@pytest.mark.parametrize("state", [state for state in Insight.State if state != "done"])
def test_an_insight_that_is_not_written_is_null(
    state: Insight.State, told: Event, as_ana: JsonClient
) -> None:
    factories.make_insight(event=told, state=state, reason="timeout")
    assert trace(as_ana, told)["insight"] is None


def test_a_written_insight_is_in_it(told: Event, as_ana: JsonClient) -> None:
    insight = factories.make_insight(event=told, text="<b>It</b> ends in June.")
    shown = trace(as_ana, told)["insight"]
    assert parse_datetime(shown.pop("written_at")) == insight.finished_at
    assert shown == {
        "detailed_insight": "<b>It</b> ends in June.",
        "recommended_actions": ["Sign it."],
        "urgency_assessment": "It can wait until Friday.",
        "model": "mock",
        "prompt_version": "insights-1",
    }


def test_each_step_is_told_in_numbers_and_in_words(told: Event, as_ana: JsonClient) -> None:
    assert trace(as_ana, told)["decision"]["steps"] == [
        {
            "code": "disabled",
            "passed": True,
            "inputs": {"enabled": True},
            "threshold": None,
            "margin": 1.0,
            "note": "",
            "sentence": "Notifications: switched on.",
        }
    ]


def test_every_try_of_a_channel_is_in_it(told: Event, as_ana: JsonClient) -> None:
    [delivery] = trace(as_ana, told)["deliveries"]
    assert (delivery["channel"], delivery["state"]) == ("console", "delivered")
    assert [(a["number"], a["outcome"], a["error_code"]) for a in delivery["attempts"]] == [
        (1, "failed", "timeout"),
        (2, "delivered", ""),
    ]


def test_what_came_before_is_in_it(northwind: Business, ana: User, as_ana: JsonClient) -> None:
    earlier = factories.make_event(business=northwind, user=ana, title="First mail")
    event = factories.make_event(business=northwind, user=ana, previous=earlier)
    factories.make_event(business=northwind, user=ana, duplicate_of=event)
    factories.make_event(business=northwind, user=ana, duplicate_of=event)
    body = trace(as_ana, event)
    assert body["previous"]["id"] == str(earlier.public_id)
    assert body["previous"]["title"] == "First mail"
    assert body["duplicates"] == 2


def test_a_trace_needs_at_most_nine_queries(
    told: Event, as_ana: JsonClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(9):
        trace(as_ana, told)


def test_a_channel_that_was_held_is_shown_with_its_sentence_and_its_way_out(
    northwind: Business, ana: User, as_ana: JsonClient
) -> None:
    event = factories.make_event(business=northwind, user=ana)
    inputs = {"channel": "sms", "told": 5, "at": "2026-03-04T12:00:00+00:00"}
    digest = {"until": "2026-03-05T09:00:00+00:00", "digest": True}
    held = TurnedStep(
        code="channel_cap",
        passed=False,
        inputs={**inputs, **digest},
        threshold=5,
        margin=-1.0,
        turns=("sms.max_per_day",),
    )
    factories.make_decision(event=event, user=ana, steps=(held,))
    decision = trace(as_ana, event)["decision"]
    sentence = "Channel SMS: 5 of 5 told through it today; in its digest of 09:00."
    assert decision["steps"][-1]["sentence"] == sentence
    assert decision["otherwise"] == ["on sms with a daily limit of 6 instead of 5"]
