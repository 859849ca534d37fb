"""An outage of a client is told once: for an hour, mail about it says nothing new."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.ingestion.models import Event, RawEvent
from apps.notifications.models import Decision, Tally
from apps.notifications.services.previewing import preview
from apps.rules.models import Inhibition
from tests import factories
from tests.conftest import JsonClient
from tests.console import fields_of, list_of, operator
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]
Say = Callable[..., str]

STATUS = "Acme status <status@acme.example>"
CARLA = "Carla <carla@acme.example>"
BAKERY = "Bea <bea@bakery.example>"
# Minutes, sender, subject, text, and the reason.
STORY = [
    (0, CARLA, "Lunch", "Shall we have lunch together on Thursday?", "passed"),
    (1, STATUS, "Outage", "Our service does not answer since noon. Unsubscribe.", "passed"),
    (5, CARLA, "Nothing works", "None of my reports open, can you look?", "inhibited"),
    (6, CARLA, "Your code", "Your verification code is 482913, valid for 10 minutes.", "urgent"),
    (9, BAKERY, "Order", "The rolls for the party are ready to be fetched.", "passed"),
    (
        30,
        STATUS,
        "Outage, still",
        "The database is being restored from a copy. Unsubscribe.",
        "passed",
    ),
    (75, CARLA, "Still broken", "The dashboards stay empty for all my people.", "inhibited"),
    (91, CARLA, "Thanks", "Everything is back, thank you for your patience.", "passed"),
]


@pytest.fixture
def inhibition(northwind: Business) -> Inhibition:
    """As an operator writes it: what the status page says holds for the client's other mail."""
    for name in ("acme", "bakery"):
        factories.make_client(business=northwind, domains=(f"{name}.example",))
    console, page = operator(), f"{list_of(Inhibition)}add/"
    written = {
        **fields_of(console, page),
        "business": northwind.pk,
        "comment": "The status page tells it first",
        "source_sender": "status@acme.example",
        "target_max_priority": 10,
        "equal": ["client"],
        "window_minutes": 60,
    }
    assert console.post(page, written).status_code == 302
    return Inhibition.objects.get()


@pytest.fixture
def say(mailroom: Outsider, mail: Mail, drain: Drain) -> Say:
    """One mail, drained at that moment; the id its sender was given."""

    def run(at: datetime, sender: str, subject: str, text: str) -> str:
        answer = mailroom.post(mail(subject=subject, text=text, sender=sender))
        drain(at)
        # The database's own clock knows nothing of the moment a test says it is.
        Decision.objects.filter(pk=Decision.objects.latest("id").pk).update(created_at=at)
        return answer.event_id

    return run


def test_an_outage_is_told_and_its_follow_ups_are_not_for_an_hour(
    inhibition: Inhibition, say: Say, ana: User, now: datetime
) -> None:
    for minutes, *words, _ in STORY:
        say(now + timedelta(minutes=minutes), *words)
    reasons = Decision.objects.filter(user=ana).order_by("id").values_list("reason", flat=True)
    assert list(reasons) == [reason for *_, reason in STORY]


def test_a_preview_says_what_live_decided(
    inhibition: Inhibition, say: Say, ana: User, now: datetime
) -> None:
    for minutes, *words, _ in STORY:
        say(now + timedelta(minutes=minutes), *words)
    told = preview(ana, {"enabled": False}, now=now + timedelta(days=1))
    assert (told.now.interruptions, told.now.dropped_because) == (6, {"inhibited": 2})
    assert told.then.dropped_because == {"disabled": len(STORY)}


@pytest.mark.parametrize(
    "wish",
    [
        {"categories": ["message", "security_code"]},
        {"frequency": "daily"},
        {"min_urgency": "high"},
    ],
    ids=str,
)
def test_a_preview_says_what_live_would_decide_with_other_preferences(
    inhibition: Inhibition, say: Say, ana: User, now: datetime, wish: dict[str, Any]
) -> None:
    for minutes, *words, _ in STORY:
        say(now + timedelta(minutes=minutes), *words)
    then = preview(ana, wish, now=now + timedelta(days=1)).then
    for model in (Event, RawEvent, Tally):
        model.objects.all().delete()
    factories.make_preference(user=ana, **wish)
    for minutes, *words, _ in STORY:
        say(now + timedelta(minutes=minutes), *words)
    dropped = Decision.objects.filter(outcome="drop").values_list("reason", flat=True)
    assert Counter(dropped) == then.dropped_because
    assert Decision.objects.filter(outcome="notify_now").count() == then.interruptions


def test_the_event_says_why_and_what_would_have_let_it_pass(
    inhibition: Inhibition, say: Say, as_ana: JsonClient, now: datetime
) -> None:
    for minutes, *words, _ in STORY[:3]:
        event_id = say(now + timedelta(minutes=minutes), *words)
    decision = as_ana.get(f"/v3/proactive/events/{event_id}").json()["decision"]
    assert (decision["outcome"], decision["reason"]) == ("drop", "inhibited")
    step = decision["steps"][-1]
    assert step["inputs"]["inhibition"] == str(inhibition.public_id)
    assert step["sentence"].startswith("Inhibition: muted until ")
    assert step["margin"] == -56.0
