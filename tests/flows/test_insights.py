"""Insights in both vendors' wire formats: well, ill and hijacked; shown with their event."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.classification.models import Classification, Insight, ModelCall
from apps.classification.providers import PROVIDERS
from apps.classification.types import Method
from apps.core.models import CircuitBreaker
from apps.ingestion.models import Event, Source
from apps.pipeline.services.inbox import drain_inbox
from apps.pipeline.services.insights import drain_insights
from apps.pipeline.services.questions import drain_questions
from tests.conftest import JsonClient
from tests.pipeline.builders import mail, receive
from tests.pipeline.conftest import linked_ana, mailbox
from tests.plugins.model_server import (
    HIJACKED_LINK,
    INSIGHT,
    Call,
    ModelServer,
    Script,
    answering,
    failing,
    half_a_body,
    model_server,
    rate_limited,
    saying,
    slow,
)

__all__ = ["linked_ana", "mailbox"]

State = Insight.State

ILL: dict[str, tuple[Script, str]] = {
    "slow": (slow(30.0), "timeout"),
    "throttled": (rate_limited(7), "rate_limited"),
    "broken": (failing(), "unavailable"),
    "half a body": (half_a_body, "garbage"),
    "chatty": (saying("Sure! Here is what I think."), "garbage"),
    "unasked key": (answering(overrides_quiet_hours=True), "garbage"),
    "nothing": (answering(detailed_insight="  "), "garbage"),
}


@pytest.fixture(autouse=True, params=["openai", "anthropic"])
def model(request: pytest.FixtureRequest, settings: Settings) -> Iterator[ModelServer]:
    settings.CLASSIFIER_PROVIDER = request.param
    settings.INSIGHT_TIMEOUT_SECONDS = 1.0
    PROVIDERS.get(settings.CLASSIFIER_PROVIDER).prepare()  # seconds, the first time in a process
    with model_server() as server:
        server.use_for(settings)
        yield server


@pytest.fixture
def told(mailbox: Source) -> Event:
    """A mail that a model calls relevant, told, and not explained yet."""
    receive(mailbox, mail(text="Please sign at https://acme.example/contract today."))
    drain_inbox(now=timezone.now(), limit=200)
    drain_questions(now=timezone.now(), limit=200)
    return Event.objects.get()


def explain(now: datetime | None = None) -> Insight:
    drain_insights(now=now or timezone.now(), limit=200)
    return Insight.objects.get()


def explain_to_the_end() -> list[Insight]:
    """Round after round, as if every wait were over. What each left."""
    rounds = []
    while Insight.objects.filter(state__in=Insight.OPEN).exists():
        Insight.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        rounds.append(explain())
    return rounds


@pytest.mark.parametrize(("relevance", "explained"), [(0.69, False), (0.7, True)])
def test_what_a_model_calls_relevant_is_explained(
    relevance: float, explained: bool, model: ModelServer, mailbox: Source
) -> None:
    model.script = answering(relevance=relevance)
    receive(mailbox, mail())
    drain_inbox(now=timezone.now(), limit=200)
    hints = drain_questions(now=timezone.now(), limit=200).hints
    assert Classification.objects.get().relevance == relevance
    assert ("insights" in hints, Insight.objects.exists()) == (explained, explained)


@pytest.mark.parametrize("illness", ILL)
def test_an_ill_model_is_asked_again_later(illness: str, model: ModelServer, told: Event) -> None:
    model.script, code = ILL[illness]
    now = timezone.now()
    insight = explain(now)
    assert (insight.state, insight.reason, insight.attempt_count) == (State.RETRY, code, 1)
    assert insight.due_at > now
    assert (insight.token, insight.detailed_insight) == (None, None)


def test_a_throttled_model_is_left_alone_for_as_long_as_it_says(
    model: ModelServer, told: Event
) -> None:
    model.script = rate_limited(600)
    now = timezone.now()
    assert explain(now).due_at >= now + timedelta(seconds=600)


def test_a_model_that_only_talks_garbage_is_given_up(
    model: ModelServer, told: Event, settings: Settings
) -> None:
    model.script = saying("Sure!")
    rounds = explain_to_the_end()
    assert [row.state for row in rounds] == [State.RETRY] * (settings.MAX_CLAIMS - 1) + ["failed"]
    assert (rounds[-1].reason, rounds[-1].finished_at is not None) == ("garbage", True)
    asked = ModelCall.objects.filter(prompt_version="insights-1")
    assert list(asked.values_list("outcome", flat=True)) == ["garbage"] * settings.MAX_CLAIMS


def test_a_refused_key_is_not_tried_twice(model: ModelServer, told: Event) -> None:
    model.script = failing("401 Who")
    assert (explain().state, Insight.objects.get().reason) == (State.FAILED, "refused")


def test_a_model_that_recovers_explains_after_all(model: ModelServer, told: Event) -> None:
    model.script = saying("Sure!")
    explain()
    model.script = answering()
    rounds = explain_to_the_end()
    assert [(row.state, row.reason) for row in rounds] == [(State.DONE, "")]


def test_a_hijacked_model_smuggles_no_link_in(model: ModelServer, told: Event) -> None:
    model.script = answering(
        detailed_insight=f"Sign in at {HIJACKED_LINK} or https://acme.example/contract now.",
        recommended_actions=[f"Open {HIJACKED_LINK}", "<b>Hurry</b>"],
        urgency_assessment=f"Lost in an hour, see {HIJACKED_LINK}",
    )
    insight = explain()
    shown = f"{insight.detailed_insight}{insight.recommended_actions}{insight.urgency_assessment}"
    assert HIJACKED_LINK not in shown
    assert "https://acme.example/contract" in shown
    actions: list[str] = insight.recommended_actions or []
    assert actions[0] == "Open [link removed]"


def test_a_model_that_fails_at_insights_is_still_asked_for_verdicts(
    model: ModelServer, mailbox: Source, settings: Settings
) -> None:
    def only_verdicts(call: Call) -> None:
        (failing() if call.wants_insights else answering())(call)

    model.script = only_verdicts
    receive(mailbox, *(mail() for _ in range(12)))
    drain_inbox(now=timezone.now(), limit=200)
    drain_questions(now=timezone.now(), limit=200)
    drain_insights(now=timezone.now(), limit=200)
    breaker = CircuitBreaker.objects.get(name__startswith="insights:")
    assert breaker.state == "open"
    receive(mailbox, mail())
    drain_inbox(now=timezone.now(), limit=200)
    drain_questions(now=timezone.now(), limit=200)
    assert set(Classification.objects.values_list("method", flat=True)) == {Method.LLM}


def test_no_strangers_words_stand_among_our_orders(model: ModelServer, told: Event) -> None:
    explain()
    call = model.calls[-1]
    assert call.wants_insights
    assert "acme.example/contract" not in call.system
    assert "acme.example/contract" in call.user


def test_an_explanation_is_shown_with_its_event(
    told: Event, ana: User, as_ana: JsonClient, as_boris: JsonClient, as_zoe: JsonClient
) -> None:
    path = f"/v3/proactive/events/{told.public_id}"
    assert as_ana.get(path).json()["insight"] is None
    explain()
    shown: dict[str, Any] = as_ana.get(path).json()["insight"]
    assert {name: shown[name] for name in INSIGHT} == INSIGHT
    assert [api.get(path).status_code for api in (as_boris, as_zoe)] == [404, 404]
    browser = Client()
    browser.force_login(ana)
    assert INSIGHT["detailed_insight"] in browser.get("/inbox/").content.decode()
