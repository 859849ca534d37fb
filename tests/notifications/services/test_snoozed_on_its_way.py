"""Snoozed while another channel sends it: that attempt is let finish, and nothing follows it."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.models import Delivery, Notification
from apps.notifications.selectors.inbox import unread_count
from apps.notifications.services import waking
from apps.notifications.services.postponing import postpone
from apps.pipeline.services.deliveries import drain_deliveries
from apps.rules.services.silences import Snooze
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


class Slow(RemoteChannel):
    """While it sends, its reader snoozes what it carries; then it answers as it is told to."""

    addressed = False

    def __init__(self, reader: User) -> None:
        self.reader, self.sent = reader, 0
        self.answer: Receipt | Exception = Receipt()

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        self.sent += 1
        await asyncio.to_thread(snooze_elsewhere, self.reader)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def snooze_elsewhere(reader: User) -> None:
    """In another thread, whose connection ends with it."""
    try:
        snooze(reader)
    finally:
        connections.close_all()


def snooze(reader: User) -> datetime:
    row = Notification.objects.get()
    now = timezone.now()
    return postpone(reader, row.public_id, Snooze.HOUR, clock=ZoneInfo("UTC"), now=now)


@pytest.fixture
def slow(ana: User, monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow, loaded = Slow(ana), CHANNELS.get
    monkeypatch.setattr(CHANNELS, "get", lambda key: slow if key == "console" else loaded(key))
    return slow


@pytest.fixture
def ringing(northwind: Business, ana: User, settings: Settings) -> Delivery:
    """In the inbox, and on its way through the console."""
    settings.EXTRA_CHANNELS = ["console"]
    event = factories.make_event(business=northwind, user=ana)
    now = timezone.now()
    row = factories.make_notification(event=event, user=ana, now=now)
    factories.make_delivery(notification=row, state=Delivery.State.DELIVERED, due_at=now)
    return factories.make_delivery(notification=row, channel="console", due_at=now)


def drain(*, after: timedelta = timedelta()) -> None:
    """All that is open is due by the database's clock, whatever the snooze says."""
    Delivery.objects.filter(channel="console", state__in=Delivery.OPEN).update(
        due_at=timezone.now() - HOUR
    )
    drain_deliveries(now=timezone.now() + after, limit=10)


def until() -> datetime:
    return Delivery.objects.get(channel="in_app").due_at


@pytest.mark.parametrize("answer", [DeliveryError("busy", permanent=False), ValueError("broken")])
def test_what_failed_is_not_tried_again_before_the_snooze_ends(
    slow: Slow, ringing: Delivery, answer: Exception
) -> None:
    slow.answer = answer
    drain()
    Delivery.objects.filter(state=Delivery.State.ATTEMPTING).update(due_at=timezone.now() - HOUR)
    drain()
    ringing.refresh_from_db()
    assert (slow.sent, ringing.state, ringing.reason) == (1, "retry", "postponed")
    assert ringing.due_at == until() > timezone.now()


def test_nor_when_quiet_hours_never_held_it(slow: Slow, ringing: Delivery) -> None:
    factories.make_classification(event=Notification.objects.get().event, priority=10)
    slow.answer = DeliveryError("busy", permanent=False)
    drain()
    drain()
    assert slow.sent == 1


def test_it_is_tried_again_when_the_snooze_has_ended(
    slow: Slow, ringing: Delivery, ana: User
) -> None:
    slow.answer = DeliveryError("busy", permanent=False)
    drain()
    drain(after=HOUR * 2)
    assert slow.sent == 1 + 1


def test_what_got_through_is_told_there_and_stays_out_of_the_inbox(
    slow: Slow, ringing: Delivery, ana: User
) -> None:
    drain()
    ringing.refresh_from_db()
    assert (ringing.state, unread_count(ana)) == ("delivered", 0)
    assert Notification.objects.get().status == "queued"


def test_the_end_of_another_snooze_does_not_bring_it_back(
    slow: Slow, ringing: Delivery, northwind: Business, ana: User
) -> None:
    slow.answer = DeliveryError("busy", permanent=False)
    drain()
    drain()
    waking.wake(northwind, ana, now=timezone.now())
    ringing.refresh_from_db()
    assert ringing.due_at == until()
