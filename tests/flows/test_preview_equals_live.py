"""A preview says what live has done, and what it does with other preferences: the same way."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Any

import pytest
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.audit.models import AuditEvent
from apps.ingestion.models import Event, RawEvent
from apps.notifications import selectors
from apps.notifications.engines.replaying import Figures, Setting, replay
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import Decision, Delivery, Notification, Preference, Tally
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.previewing import preview
from apps.notifications.services.recipients import pace_of
from apps.notifications.types import Outcome
from tests import factories
from tests.conftest import JsonClient
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]
Receive = Callable[[datetime], None]

PATH = "/v3/proactive/preferences/preview"
# What is said, and how many minutes later the drain comes by that decides it.
# Long enough for one word more or less to make it no other text.
REPORT = (
    "The quarterly report on the sales of all regions is ready, with figures for each product and "
    "each month, a comparison with the year before, and a forecast that finance has checked twice; "
    "please read it before the board meets{}"
)
MAILS = [
    ("Report", REPORT.format(" today"), 0),
    ("Contract", "The contract is ready to be signed by you.", 0),
    ("Report", REPORT.format(" again"), 0),
    ("Your code", "Your verification code is 482913. It is valid for 10 minutes.", 5),
    ("Your code", "Your verification code is 915740. It is valid for 10 minutes.", 5),
    ("Budget", "Please approve the budget of the third quarter today.", 20),
    ("Newsletter", "Ten things to read this week. Unsubscribe here.", 47),
    ("Outage", "URGENT: production is down, please call back immediately.", 47),
    ("Photos", "Here are the photos of the hike on Sunday.", 90),
    ("Report", REPORT.format(" now"), 90),
    ("Offer", "Attached is the offer you asked for last week.", 200),
    ("Visit", "Next month I am in town for a few days.", 1_500),
]
CHANGES: list[dict[str, Any]] = [
    {"frequency": "batch"},
    {"frequency": "daily", "min_urgency": "medium"},
    {"enabled": False},
    {"interruption_budget": 1},
    {"interruption_budget": 4, "time_zone": "Asia/Kathmandu"},
    {"relevance_threshold": 0.5, "time_zone": "Asia/Kathmandu"},
    {"quiet_hours_enabled": True, "quiet_start": time(0), "quiet_end": time(23, 59)},
    {
        "quiet_hours_enabled": True,
        "quiet_start": time(0),
        "quiet_end": time(23, 59),
        "quiet_policy": "drop",
    },
    {
        "quiet_hours_enabled": True,
        "quiet_start": time(0),
        "quiet_end": time(23, 59),
        "interruption_budget": 2,
    },
]


@pytest.fixture
def receive(mailroom: Outsider, mail: Mail, drain: Drain) -> Receive:
    def run(begins_at: datetime) -> None:
        for minutes, batch in groupby(MAILS, key=lambda said: said[2]):
            for subject, text, _ in batch:
                mailroom.post(mail(subject=subject, text=text))
            drain(begins_at + timedelta(minutes=minutes))

    return run


def counts() -> dict[str, int]:
    return {outcome: Decision.objects.filter(outcome=outcome).count() for outcome in Outcome}


def said(figures: Figures) -> dict[str, int]:
    return {
        Outcome.NOTIFY_NOW: figures.interruptions,
        Outcome.DIGEST: figures.digested,
        Outcome.DEFER: figures.deferred,
        Outcome.DROP: figures.dropped,
    }


def begin_again() -> None:
    for model in (Event, RawEvent, Tally):
        model.objects.all().delete()


@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_a_preview_says_what_live_decided_and_would_decide(
    receive: Receive, ana: User, now: datetime, changes: dict[str, Any]
) -> None:
    receive(now)
    told = preview(ana, changes, now=now + timedelta(days=2))
    assert counts() == said(told.now)
    assert told.now.dropped_because["redundant"] > 0
    begin_again()
    factories.make_preference(user=ana, **changes)
    receive(now)
    assert counts() == said(told.then)
    assert told.events == len(MAILS)


def test_a_preview_holds_the_same_channels_as_live_did(
    receive: Receive, ana: User, now: datetime, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS, settings.MIN_NOTIFICATION_INTERVAL_SECONDS = ["console"], 0
    factories.make_channel_preference(
        user=ana,
        channel="console",
        max_per_day=2,
        quiet_hours_enabled=True,
        quiet_start=(now + timedelta(minutes=15)).time(),
        quiet_end=(now + timedelta(minutes=60)).time(),
    )
    receive(now)
    business = business_of(ana)
    preference = selectors.effective_of(
        selectors.preference_of(ana), business, needs=needs_in_use()
    )
    occurrences, _ = selectors.occurrences_of(business, ana, since=now, limit=100)
    replayed = replay(occurrences, Setting(preference=preference, pace=pace_of(preference)))
    live = Decision.objects.order_by("event_id").values_list("trace", flat=True)
    assert [trace_to_json(decision.steps) for decision in replayed] == list(live)
    codes = {step["code"] for trace in live for step in trace}
    assert codes > {"channel_cap", "channel_quiet_hours"}


def test_a_preview_writes_and_sends_nothing(
    receive: Receive, as_ana: JsonClient, now: datetime
) -> None:
    receive(now - timedelta(days=3))
    models = (Decision, Notification, Delivery, AuditEvent, Preference)
    before = [model.objects.count() for model in models]
    answer = as_ana.post(PATH, {"enabled": False})
    assert answer.status_code == 200
    assert answer.json()["interruptions"]["then"] == 0
    assert answer.json()["dropped_because"]["then"] == {"disabled": len(MAILS)}
    assert [model.objects.count() for model in models] == before
    assert as_ana.get("/v3/proactive/preferences").json()["enabled"] is True
