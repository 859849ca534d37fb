"""What says again what was told, or is to be told, is told once: by when it is told."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.notifications.models import Decision
from tests import factories
from tests.flows.conftest import Drain, Outsider

# Long enough for one word more or less to make it no other text.
REPORT = (
    "The quarterly report on the sales of all regions is ready, with figures for each product and "
    "each month, a comparison with the year before, and a forecast that finance has checked twice; "
    "please read it before the board meets {}"
)
OTHERS = ("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "kilo")
Say = Callable[[datetime, str, str], None]


@pytest.fixture
def say(mailroom: Outsider, mail: Callable[..., dict[str, Any]], drain: Drain) -> Say:
    def post(at: datetime, subject: str, text: str) -> None:
        mailroom.post(mail(subject=subject, text=text))
        drain(at)

    return post


def outcomes() -> list[str]:
    rows = Decision.objects.order_by("event_id").values_list("outcome", "reason")
    return [f"{outcome} {reason}" for outcome, reason in rows]


@pytest.fixture
def night(ana: User, now: datetime) -> datetime:
    """When Ana's quiet hours begin; they end two hours later."""
    begins_at = (now + timedelta(days=1)).replace(hour=3, minute=0, second=0, microsecond=0)
    factories.make_preference(
        user=ana, quiet_hours_enabled=True, quiet_start=time(3), quiet_end=time(5), time_zone="UTC"
    )
    return begins_at


def test_a_report_of_one_night_waits_once(say: Say, night: datetime) -> None:
    for minutes, word in ((0, "today"), (45, "again"), (118, "now")):
        say(night + timedelta(minutes=minutes), "Report", REPORT.format(word))
    assert outcomes() == ["defer quiet_hours", "drop redundant", "drop redundant"]


def test_what_the_morning_told_is_not_told_again_five_minutes_later(
    say: Say, night: datetime
) -> None:
    say(night, "Report", REPORT.format("today"))
    say(night + timedelta(minutes=125), "Report", REPORT.format("again"))
    say(night + timedelta(minutes=150), "Report", REPORT.format("now"))
    assert outcomes() == ["defer quiet_hours", "drop redundant", "notify_now passed"]


def test_a_flood_does_not_hide_a_repeat(say: Say, ana: User, now: datetime) -> None:
    factories.make_preference(user=ana, time_zone="UTC")
    say(now, "Report", REPORT.format("today"))
    for number, word in enumerate(OTHERS):
        text = f"{word} {number * 7919} is another matter {word * 3} and not number {number}"
        say(now + timedelta(minutes=1, seconds=number), word, text)
    say(now + timedelta(minutes=5), "Report", REPORT.format("again"))
    assert outcomes()[-1] == "drop redundant"


def test_the_same_long_text_is_a_repeat_whatever_its_title(
    say: Say, ana: User, now: datetime
) -> None:
    factories.make_preference(user=ana, time_zone="UTC")
    text = REPORT.format("today")
    say(now, "Quarterly report", text)
    say(now + timedelta(minutes=1), "Reminder: figures for the board, with a forecast", text)
    assert outcomes() == ["notify_now passed", "drop redundant"]


@pytest.mark.parametrize(
    "text",
    [
        "Sent from my phone",
        "You have received a new message from a colleague. Open the page of your team to read it "
        "and to answer it there.",
    ],
)
def test_the_same_short_text_under_another_title_is_no_repeat(
    say: Say, ana: User, now: datetime, text: str
) -> None:
    factories.make_preference(user=ana, time_zone="UTC")
    say(now, "Can we move the review with Contoso to Thursday at ten in the morning", text)
    say(now + timedelta(minutes=1), "The invoice of the caterer is still open and overdue", text)
    assert outcomes() == ["notify_now passed", "notify_now passed"]
