"""Seed 001's acceptance story: quiet hours 22:00–07:00, something happens at 23:00."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.classification.models import Classification
from apps.classification.services.recorded import verdict_of
from apps.classification.types import Method
from apps.notifications.models import Decision, Delivery, Notification, Preference
from apps.pipeline.services.inbox import drain_inbox
from tests import factories
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


@pytest.fixture
def night(now: datetime) -> datetime:
    Preference.objects.update(quiet_start=time(0, 0), quiet_end=time(23, 59), time_zone="UTC")
    return now.replace(hour=3, minute=0)


SENDER = "Carla <carla@out.example>"


def a_rule(kind: str, ana: User, priority: int) -> None:
    business = business_of(ana)
    if kind == "vip":
        factories.make_vip(
            business=business, user=ana, address="carla@out.example", priority=priority
        )
    else:
        factories.make_keyword_rule(
            business=business, user=ana, pattern="reactor", priority=priority
        )


def with_results(document: dict[str, Any], results: str) -> dict[str, Any]:
    header = {"name": "Authentication-Results", "value": results}
    document["data"]["payload"] = {"mimeType": "text/plain", "headers": [header], "parts": []}
    return document


@pytest.mark.parametrize("kind", ["vip", "keyword"])
def test_what_is_merely_high_by_a_rule_waits_for_the_morning(
    mailroom: Outsider, mail: Mail, ana: User, night: datetime, kind: str
) -> None:
    a_rule(kind, ana, 8)
    mailroom.post(mail(subject="Hello", text="The reactor hums.", sender=SENDER))
    drain_inbox(now=night, limit=10)
    assert Decision.objects.get(user=ana).reason == "quiet_hours"


@pytest.mark.parametrize("kind", ["vip", "keyword"])
def test_what_is_critical_by_a_rule_is_told_at_night_live_and_in_a_preview(
    mailroom: Outsider, mail: Mail, ana: User, night: datetime, kind: str
) -> None:
    a_rule(kind, ana, 9)
    mailroom.post(mail(subject="Hello", text="The reactor hums.", sender=SENDER))
    drain_inbox(now=night, limit=10)
    decision = Decision.objects.get(user=ana)
    assert decision.outcome == "notify_now"
    step = next(one for one in decision.trace if one["code"] == "quiet_hours")
    assert (step["passed"], step["note"]) == (True, "override")
    kept = verdict_of(Classification.objects.get())
    assert kept.overrides_quiet_hours
    assert not kept.awaited


def test_a_critical_vip_waits_where_the_mailbox_says_that_the_sender_is_forged(
    mailroom: Outsider, mail: Mail, ana: User, night: datetime
) -> None:
    a_rule("vip", ana, 10)
    document = mail(subject="Hello", text="Call me, now.", sender=SENDER)
    mailroom.post(with_results(document, "mx.example; spf=pass; dmarc=fail (p=REJECT)"))
    drain_inbox(now=night, limit=10)
    assert Decision.objects.get(user=ana).reason == "quiet_hours"
    assert not Classification.objects.get().vip


@pytest.mark.parametrize("method", [Method.LLM, Method.CACHE, Method.RULES, Method.FALLBACK])
def test_a_recorded_verdict_that_a_model_raised_to_critical_holds_at_night(
    mailroom: Outsider, mail: Mail, ana: User, night: datetime, method: Method
) -> None:
    a_rule("vip", ana, 9)
    mailroom.post(mail(subject="Hello", text="The reactor hums.", sender=SENDER))
    drain_inbox(now=night, limit=10)
    Classification.objects.update(method=method)
    assert not verdict_of(Classification.objects.get()).overrides_quiet_hours
