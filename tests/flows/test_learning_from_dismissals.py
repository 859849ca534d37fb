"""Ana keeps dismissing a newsletter: Vigil proposes, she decides, and one click puts it back."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.notifications.models import Decision, Notification
from apps.notifications.services.learning import propose_all
from apps.notifications.types import Outcome, Reason
from apps.rules.models import Silence
from tests import factories
from tests.conftest import JsonClient
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]
Issue = Callable[[int], Notification | None]

SENDER = "Deals <deals@shop.example>"
WEEKS = ["spring", "garden", "kitchen", "travel", "winter", "summer", "books", "music"]
PROPOSALS = "/api/notifications/proposals"


@pytest.fixture
def issue(mailroom: Outsider, mail: Mail, drain: Drain, now: datetime) -> Issue:
    """The newsletter's issue of that number comes in; what Ana is told of it."""

    def run(number: int) -> Notification | None:
        word, at = WEEKS[number], now + timedelta(minutes=number)
        text = f"Everything for your {word}: offers on {word} {word}. Unsubscribe here."
        mailroom.post(mail(subject=f"Our {word} newsletter", text=text, sender=SENDER))
        drain(at)
        return Notification.objects.filter(decision=Decision.objects.latest("id")).first()

    return run


def dismiss(api: JsonClient, told: Notification | None, kind: str = "dismissed") -> Any:
    assert told is not None
    answer = api.post(f"/api/notifications/{told.public_id}/feedback", {"kind": kind})
    assert answer.status_code == 201
    return answer.json()["proposals"]


def last_decision() -> tuple[str, str]:
    decision = Decision.objects.latest("id")
    return decision.outcome, decision.reason


def test_a_newsletter_that_is_dismissed_five_times_may_be_silenced_and_put_back(
    issue: Issue, as_ana: JsonClient, as_boris: JsonClient
) -> None:
    offered = [dismiss(as_ana, issue(number)) for number in range(5)]
    assert [len(found) for found in offered] == [0, 0, 1, 1, 1]
    [proposal] = as_ana.get(PROPOSALS).json()["proposals"]
    assert proposal["noticed"] == (
        "Of 5 newsletter notifications from deals@shop.example in the last 30 days you "
        "dismissed 5, and called none helpful."
    )
    assert proposal["preview"]["interruptions"] == {"now": 5, "then": 0}
    assert as_boris.get(PROPOSALS).json()["proposals"] == []
    path = f"{PROPOSALS}/{proposal['id']}"

    assert as_ana.post(f"{path}/accept").status_code == 200
    assert issue(5) is None
    assert last_decision() == (Outcome.DROP, Reason.SILENCED)

    assert as_ana.post(f"{path}/undo").status_code == 200
    assert issue(6) is not None
    assert last_decision() == (Outcome.NOTIFY_NOW, Reason.PASSED)
    assert not Silence.objects.filter(ended_at=None).exists()
    assert dismiss(as_ana, Notification.objects.latest("id")) == []


def test_less_like_this_is_answered_at_once(issue: Issue, as_ana: JsonClient) -> None:
    [proposal] = dismiss(as_ana, issue(0), "less_like_this")
    assert (proposal["kind"], proposal["status"]) == ("silence_sender", "open")


def test_a_code_of_the_same_sender_still_comes_through(
    issue: Issue, mailroom: Outsider, mail: Mail, drain: Drain, as_ana: JsonClient, now: datetime
) -> None:
    [proposal] = dismiss(as_ana, issue(0), "less_like_this")
    as_ana.post(f"{PROPOSALS}/{proposal['id']}/accept")
    text = "Your verification code is 482913. It is valid for 10 minutes."
    mailroom.post(mail(subject="Your code", text=text, sender=SENDER))
    drain(now + timedelta(minutes=1))
    assert last_decision()[0] == Outcome.NOTIFY_NOW


def test_a_sender_who_is_a_vip_is_never_proposed(
    issue: Issue, as_ana: JsonClient, ana: User
) -> None:
    told = [issue(number) for number in range(4)]
    business = told[0].business if told[0] else None
    assert business is not None
    factories.make_vip(business=business, user=ana, address="@shop.example")
    assert [dismiss(as_ana, one, "less_like_this") for one in told] == [[], [], [], []]


def test_a_tried_silence_does_what_the_silence_itself_would_have_done(
    issue: Issue, as_ana: JsonClient, ana: User, now: datetime
) -> None:
    told = [issue(number) for number in range(4)]
    [proposal] = dismiss(as_ana, told[0], "less_like_this")
    as_ana.post(f"{PROPOSALS}/{proposal['id']}/accept")
    Silence.objects.update(created_at=now - timedelta(days=31))
    again = as_ana.post("/v3/proactive/preferences/preview", {}).json()
    tried = proposal["preview"]
    assert again["interruptions"]["now"] == tried["interruptions"]["then"]
    assert again["dropped"]["now"] == tried["dropped"]["then"]


def test_the_tick_finds_what_nobody_looked_at_and_twice_makes_no_second(
    issue: Issue, as_ana: JsonClient, now: datetime
) -> None:
    for number in range(3):
        told = issue(number)
        assert told is not None
        factories.make_feedback(notification=told, kind="dismissed")
    assert as_ana.get(PROPOSALS).json()["total"] == 0
    assert [propose_all(now=now) for _ in range(2)] == [1, 1]
    assert as_ana.get(PROPOSALS).json()["total"] == 1
