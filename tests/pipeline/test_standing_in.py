"""The next channel of a person's order: after a failure, and for what is critical and unread."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.ingestion.models import Source
from apps.notifications.channels.base import DeliveryError
from apps.notifications.models import Delivery, Notification
from tests import factories
from tests.notifications.channels import scripted
from tests.notifications.channels.scripted import Scripted
from tests.pipeline.builders import deliver, drain, mail, receive

State = Delivery.State
GONE = DeliveryError("No such number", permanent=True)


@pytest.fixture
def house(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, linked_ana: User
) -> dict[str, Scripted]:
    """Three channels that ring one after the other, ten minutes apart."""
    settings.EXTRA_CHANNELS = ["one", "two", "three"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    factories.make_preference(
        user=linked_ana, channel_order=["one", "two", "three"], escalation_minutes=10
    )
    return {name: scripted.install(monkeypatch, name) for name in settings.EXTRA_CHANNELS}


def told(mailbox: Source, *, priority: int = 5) -> None:
    receive(mailbox, mail())
    drain()
    Notification.objects.update(priority=priority)
    deliver(timezone.now())


def rung(house: dict[str, Scripted]) -> list[str]:
    return [name for name, channel in house.items() if channel.sent]


def waiting() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(state=State.PENDING)
    return list(rows.values_list("channel", "reason"))


def test_only_the_first_rings_at_once(house: dict[str, Scripted], mailbox: Source) -> None:
    told(mailbox)
    assert rung(house) == ["one"]
    assert waiting() == []


def test_where_one_fails_the_next_rings_and_says_for_whom(
    house: dict[str, Scripted], mailbox: Source
) -> None:
    house["one"].answers = [GONE]
    told(mailbox)
    assert rung(house) == ["one", "two"]
    second = Delivery.objects.get(channel="two")
    assert (second.reason, second.state) == ("", State.DELIVERED)
    assert second.stands_in_for == Delivery.objects.get(channel="one")


def test_where_all_fail_each_was_tried_once(house: dict[str, Scripted], mailbox: Source) -> None:
    for channel in house.values():
        channel.answers = [GONE]
    told(mailbox)
    assert [len(channel.sent) for channel in house.values()] == [1, 1, 1]
    assert not Delivery.objects.filter(state=State.PENDING).exists()


def test_what_is_critical_and_unread_rings_on_the_next_after_its_time(
    house: dict[str, Scripted], mailbox: Source
) -> None:
    told(mailbox, priority=9)
    assert waiting() == [("two", "unread")]
    deliver(timezone.now() + timedelta(minutes=9))
    assert rung(house) == ["one"]
    deliver(timezone.now() + timedelta(minutes=11))
    assert rung(house) == ["one"], "the queue goes by the database's clock"
    Delivery.objects.filter(channel="two").update(due_at=timezone.now())
    deliver(timezone.now())
    assert rung(house) == ["one", "two"]
    assert waiting() == [("three", "unread")]


def test_a_read_stops_the_escalation(house: dict[str, Scripted], mailbox: Source) -> None:
    told(mailbox, priority=9)
    now = timezone.now()
    Notification.objects.update(status=Notification.Status.READ, read_at=now)
    Delivery.objects.filter(channel="two").update(due_at=now)
    deliver(now)
    assert rung(house) == ["one"]
    assert Delivery.objects.get(channel="two").state == State.SUPPRESSED


def test_what_is_not_critical_never_escalates(house: dict[str, Scripted], mailbox: Source) -> None:
    told(mailbox, priority=8)
    assert waiting() == []


def test_a_channel_that_lost_its_address_is_followed_by_the_next(
    monkeypatch: pytest.MonkeyPatch, house: dict[str, Scripted], mailbox: Source, linked_ana: User
) -> None:
    scripted.install(monkeypatch, "one", addressed=True)
    address = factories.make_address(user=linked_ana, channel="one")
    receive(mailbox, mail())
    drain()
    address.state = "off"
    address.save()
    deliver(timezone.now())
    assert rung(house) == ["two"]


def test_one_of_several_addresses_that_fails_brings_no_stand_in(
    monkeypatch: pytest.MonkeyPatch, house: dict[str, Scripted], mailbox: Source, linked_ana: User
) -> None:
    first = scripted.install(monkeypatch, "one", addressed=True, each=True)
    for value in ("a", "b"):
        factories.make_address(user=linked_ana, channel="one", value=value)
    first.answers = [GONE]
    told(mailbox)
    assert len(first.sent) == 2
    assert rung(house) == []
