"""A digest that quiet hours kept on its way tells what is still so when it goes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.ingestion.types import EventKind
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.models import Delivery, Digest, DigestItem, Notification
from apps.notifications.services.postponing import postpone
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.digests import drain_digests
from apps.rules.services.silences import Snooze
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
Held = Callable[..., Notification]


class Post(RemoteChannel):
    addressed = False

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        self.sent.append(message)
        return Receipt()


@pytest.fixture
def post(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Post:
    settings.EXTRA_CHANNELS = ["console"]
    post, loaded = Post(), CHANNELS.get
    monkeypatch.setattr(CHANNELS, "get", lambda key: post if key == "console" else loaded(key))
    return post


@pytest.fixture
def held(northwind: Business, ana: User) -> Held:
    """Something of Ana's that waits for noon; `title` is in its digest."""

    def hold(title: str, *, event: dict[str, Any] | None = None, **values: Any) -> Notification:
        source = factories.make_event(business=northwind, user=ana, **(event or {}))
        factories.make_classification(event=source)
        return factories.make_waiting(event=source, user=ana, title=title, **values)

    return hold


def build() -> None:
    while drain_digests(now=NOON, limit=100).claimed:
        pass


def hand_out(*, after: timedelta = HOUR) -> Delivery:
    drain_deliveries(now=NOON + after, limit=10)
    return Delivery.objects.get(channel="console")


def places() -> dict[str, str]:
    rows = DigestItem.objects.filter(channel="console").select_related("notification")
    return {row.notification.title: row.place for row in rows}


def test_where_nothing_has_changed_it_goes_as_it_was_built(post: Post, held: Held) -> None:
    held("First")
    held("Second")
    build()
    built = Digest.objects.get(channel="console").body
    assert hand_out().state == "delivered"
    assert [message.body for message in post.sent] == [built]


def test_what_was_read_meanwhile_is_not_told_again(post: Post, held: Held) -> None:
    read = held("Already read")
    held("Still new", priority=3)
    build()
    Notification.objects.filter(pk=read.pk).update(status="read", read_at=NOON)
    hand_out()
    [message] = post.sent
    assert message.body.splitlines()[-1].startswith("- Still new")
    assert "Already read" not in message.body
    assert ": 1 thing" in message.title
    assert message.priority == 3
    assert places() == {"Already read": "read", "Still new": "told"}


def test_what_was_silenced_or_is_over_by_then_is_counted_in_its_line(
    post: Post, held: Held, northwind: Business, ana: User
) -> None:
    held("Standup", event={"kind": EventKind.CALENDAR, "ends_at": NOON + HOUR / 2})
    held("Weekly news", event={"sender_address": "news@shop.example"})
    held("Contract")
    build()
    factories.make_silence(
        business=northwind,
        user=ana,
        sender="news@shop.example",
        expires_at=NOON + timedelta(days=9_999),
    )
    hand_out()
    [message] = post.sent
    assert "Standup" not in message.body
    assert "Weekly news" not in message.body
    assert "2 things that no longer matter (a meeting is over, something was silenced)" in (
        message.body
    )
    assert places() == {"Standup": "moot", "Weekly news": "moot", "Contract": "told"}
    assert Digest.objects.get(channel="console").counts == {
        "items": 1,
        "left_out": 0,
        "moot": {"meeting_over": 1, "silenced": 1},
    }


def test_what_was_snoozed_in_the_inbox_is_not_told_before_it_comes_back(
    post: Post, held: Held, ana: User
) -> None:
    snoozed = held("Later", expires_at=NOON + timedelta(days=9_999))
    held("Contract")
    build()
    postpone(ana, snoozed.public_id, Snooze.TOMORROW, clock=ZoneInfo("UTC"), now=NOON)
    Delivery.objects.filter(channel="in_app", notification=snoozed).update(
        due_at=NOON + timedelta(days=9_999)
    )
    hand_out()
    snoozed.refresh_from_db()
    assert "Later" not in post.sent[0].body
    assert (places()["Later"], snoozed.status) == ("put_off", "queued")


def test_a_digest_with_nothing_left_to_tell_rings_nobody(
    post: Post, held: Held, northwind: Business, ana: User
) -> None:
    read = held("Already read")
    held("Standup", event={"kind": EventKind.CALENDAR, "ends_at": NOON + HOUR / 2})
    build()
    Notification.objects.filter(pk=read.pk).update(status="read", read_at=NOON)
    delivery = hand_out()
    assert (delivery.state, delivery.reason) == ("suppressed", "nothing_left")
    assert not post.sent
    assert not delivery.attempts.exists()


def test_what_comes_after_it_was_built_does_not_join_it(post: Post, held: Held) -> None:
    held("First")
    build()
    held("Second")
    hand_out()
    assert "Second" not in post.sent[0].body


def test_what_did_not_fit_is_counted_without_what_was_read(
    post: Post, held: Held, settings: Settings
) -> None:
    settings.DIGEST_MAX_ITEMS = 1
    held("Urgent", priority=8)
    rest = [held("Small", priority=2), held("Smaller", priority=1)]
    build()
    Notification.objects.filter(pk=rest[0].pk).update(status="read", read_at=NOON)
    hand_out()
    assert "And 1 more that did not fit." in post.sent[0].body
