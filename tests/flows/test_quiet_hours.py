"""Seed 001's acceptance story: quiet hours 22:00–07:00, something happens at 23:00."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Delivery, Notification, Preference
from apps.pipeline.services.inbox import drain_inbox
from tests.flows.conftest import Drain, Outsider

Mail = Callable[..., dict[str, Any]]

# 2026-03-07 is the night America/New_York loses an hour: 07:00 there is 11:00 UTC, not 12:00.
LATE_EVENING = datetime(2026, 3, 8, 4, 0, tzinfo=UTC)
SEVEN = datetime(2026, 3, 8, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def asleep(ana: User) -> Preference:
    return Preference.objects.create(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=time(22, 0),
        quiet_end=time(7, 0),
        time_zone="America/New_York",
    )


def test_quiet_hours_hold_until_morning_across_dst(
    mailroom: Outsider, mail: Mail, ana: User
) -> None:
    mailroom.post(mail(subject="Can you sign this?", text="Could you sign the contract today?"))
    drain_inbox(now=LATE_EVENING, limit=10)
    held = Notification.objects.get(user=ana)
    assert held.status == Notification.Status.QUEUED
    assert held.decision.reason == "quiet_hours"
    assert held.due_at == SEVEN


def test_what_was_held_arrives_when_it_is_due_and_not_before(
    mailroom: Outsider, mail: Mail, drain: Drain, ana: User
) -> None:
    mailroom.post(mail(subject="Can you sign this?", text="Could you sign the contract today?"))
    night = timezone.now() + timedelta(days=1)
    drain(night.astimezone(ZoneInfo("America/New_York")).replace(hour=23, minute=0))
    held = Notification.objects.get(user=ana)
    drain(night)
    held.refresh_from_db()
    assert held.status == Notification.Status.QUEUED
    # The queue asks the database's clock, which no test may move: the row's hour comes instead.
    Delivery.objects.update(due_at=timezone.now())
    drain(held.due_at)
    held.refresh_from_db()
    assert held.status == Notification.Status.DELIVERED
    assert held.deliveries.get().attempts.count() == 1


def test_a_one_time_password_is_told_at_night(
    mailroom: Outsider, mail: Mail, drain: Drain, ana: User, now: datetime
) -> None:
    Preference.objects.update(quiet_start=time(0, 0), quiet_end=time(23, 59), time_zone="UTC")
    mailroom.post(
        mail(subject="Your code", text="482913 is your verification code. Valid for 10 minutes.")
    )
    drain(now)
    told = Notification.objects.get(user=ana)
    assert told.status == Notification.Status.DELIVERED
    assert "482" in told.title
