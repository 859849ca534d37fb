"""What was let go early, held on or set aside is compared with as it was told, or was not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.models import Decision, Notification
from apps.notifications.services import preferences, waking
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.inbox import drain_inbox
from apps.rules.services import silences
from tests.flows.conftest import Outsider

UTC = ZoneInfo("UTC")
MINUTE = timedelta(minutes=1)

Say = Callable[[datetime, str], str]
Snooze = Callable[[datetime], object]


@pytest.fixture
def began() -> datetime:
    """Three days ago, so that whatever was put off is due by the database's own clock."""
    return timezone.now() - timedelta(days=3)


@pytest.fixture
def say(mailroom: Outsider, mail: Callable[..., dict[str, Any]], settings: Settings) -> Say:
    """What is decided about a report, always the same."""
    settings.DEDUP_WINDOW_SECONDS = 0

    def post(at: datetime, sender: str) -> str:
        text = "The contract with all its annexes is ready to be signed by you."
        mailroom.post(mail(subject="Contract", text=text, sender=sender))
        drain_inbox(now=at, limit=10)
        row = Decision.objects.latest("event_id")
        return f"{row.outcome} {row.reason}"

    return post


@pytest.fixture
def snooze(northwind: Business, ana: User) -> Snooze:
    """For an hour."""
    return lambda at: waking.snooze(northwind, ana, silences.Snooze.HOUR, clock=UTC, now=at)


def deliver(at: datetime) -> None:
    drain_deliveries(now=at, limit=10)


def test_what_an_ended_snooze_let_go_was_told_then_and_not_at_its_old_end(
    say: Say, snooze: Snooze, northwind: Business, ana: User, began: datetime
) -> None:
    snooze(began)
    assert say(began, "jo@out.example") == "defer snoozed"
    waking.wake(northwind, ana, now=began + 5 * MINUTE)
    deliver(began + 5 * MINUTE)
    assert say(began + 20 * MINUTE, "jo@out.example") == "drop redundant"
    assert say(began + 70 * MINUTE, "jo@out.example") == "notify_now passed"


@pytest.mark.parametrize("way", ["silenced", "off"])
def test_what_was_set_aside_was_not_told_and_its_repeat_is(
    say: Say, snooze: Snooze, northwind: Business, ana: User, began: datetime, way: str
) -> None:
    snooze(began)
    say(began, "jo@out.example")
    if way == "off":
        preferences.update(ana, {"enabled": False})
    else:
        matchers = silences.Matchers(sender="jo@out.example")
        ends = began + 600 * MINUTE
        silences.add(northwind, ana, matchers, expires_at=ends, now=began + MINUTE)
    deliver(began + 61 * MINUTE)
    assert Notification.objects.get().moot_reason
    preferences.update(ana, {"enabled": True})
    assert say(began + 65 * MINUTE, "kim@out.example") == "notify_now passed"


def test_what_a_later_snooze_holds_on_waits_once(say: Say, snooze: Snooze, began: datetime) -> None:
    snooze(began)
    say(began, "jo@out.example")
    snooze(began + 59 * MINUTE)
    deliver(began + 61 * MINUTE)
    assert say(began + 100 * MINUTE, "jo@out.example") == "drop redundant"


def test_what_a_worker_came_to_late_was_told_then(
    say: Say, snooze: Snooze, began: datetime
) -> None:
    snooze(began)
    say(began, "jo@out.example")
    deliver(began + 180 * MINUTE)
    assert say(began + 200 * MINUTE, "jo@out.example") == "drop redundant"
