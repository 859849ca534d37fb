"""A round of deliveries: many at once, slow channels, channels that break."""

import asyncio
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from apps.ingestion.models import Source
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.pipeline.services.deliveries import drain_deliveries
from tests.pipeline.builders import drain, mail, receive

SEND_SECONDS = 0.2


class Slow(RemoteChannel):
    """A provider that takes its time and remembers whom it told."""

    addressed = False

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        await asyncio.sleep(SEND_SECONDS)
        self.sent.append(message)
        return Receipt()


class Broken(Slow):
    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        raise ZeroDivisionError


@pytest.fixture
def channel() -> Slow:
    return Slow()


@pytest.fixture
def console(channel: Slow, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Slow:
    settings.EXTRA_CHANNELS = ["console"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    loaded = CHANNELS.get
    monkeypatch.setattr(
        CHANNELS, "get", lambda name: channel if name == "console" else loaded(name)
    )
    return channel


def held(mailbox: Source, count: int) -> list[Delivery]:
    receive(mailbox, *(mail() for _ in range(count)))
    drain()
    return list(Delivery.objects.filter(channel="console").order_by("id"))


def run_round() -> int:
    return drain_deliveries(now=timezone.now(), limit=200).claimed


def test_a_round_ends_in_time_and_blames_nobody_who_waited(
    console: Slow, mailbox: Source, settings: Settings
) -> None:
    settings.DELIVERY_ROUND_SECONDS = 2.5 * SEND_SECONDS
    settings.DELIVERY_CONCURRENCY = 1
    rows = held(mailbox, 6)
    run_round()
    sent = len(console.sent)
    assert 0 < sent <= 3
    waiting = Delivery.objects.filter(pk__in=[row.pk for row in rows], state="pending")
    assert list(waiting.values_list("claim_count", "attempt_count")) == [(0, 0)] * (6 - sent)
    settings.DELIVERY_ROUND_SECONDS = 10
    run_round()
    assert len({message.ref for message in console.sent}) == len(console.sent) == 6
    assert not Delivery.objects.exclude(state=Delivery.State.DELIVERED).exists()


def test_an_error_nobody_foresaw_stops_no_other_and_is_never_taken_for_sent(
    monkeypatch: pytest.MonkeyPatch, console: Slow, mailbox: Source
) -> None:
    monkeypatch.setattr(Slow, "send", Broken.send)
    held(mailbox, 2)
    assert run_round() == 2
    states = Delivery.objects.filter(channel="console").values_list("state", flat=True)
    assert list(states) == [Delivery.State.UNKNOWN] * 2
    Delivery.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    monkeypatch.undo()
    run_round()
    outcomes = DeliveryAttempt.objects.filter(delivery__channel="console", number=1)
    assert set(outcomes.values_list("outcome", flat=True)) == {DeliveryAttempt.Outcome.UNKNOWN}


def test_no_attempt_ends_before_it_began(console: Slow, mailbox: Source) -> None:
    held(mailbox, 3)
    run_round()
    assert DeliveryAttempt.objects.count() == 6
    assert not DeliveryAttempt.objects.filter(finished_at__lt=F("started_at")).exists()
    sends = DeliveryAttempt.objects.filter(delivery__channel="console")
    least = F("started_at") + timedelta(seconds=SEND_SECONDS)
    assert not sends.filter(finished_at__lt=least).exists()
