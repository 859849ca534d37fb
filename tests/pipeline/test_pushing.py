"""A fact on its way to somebody's browsers: the whole machine, and a push service that decrypts."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.ingestion.models import Source
from apps.notifications.models import Address, Delivery, Notification
from apps.notifications.services import pushing
from apps.notifications.types import OffReason
from apps.pipeline.services.deliveries import drain_deliveries
from tests.notifications.channels.push_service import Browser, PushService, push_service
from tests.pipeline.builders import drain, mail, receive


@pytest.fixture
def service(settings: Settings) -> Iterator[PushService]:
    settings.EXTRA_CHANNELS = ["web_push"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    with push_service(settings) as running:
        yield running


def subscribed(user: User, service: PushService) -> Browser:
    browser = service.browser()
    keys = browser.json["keys"]
    pushing.subscribe(user, browser.endpoint, keys, user_agent="", now=timezone.now())
    return browser


def tell(mailbox: Source) -> Notification:
    receive(mailbox, mail())
    drain()
    for _ in range(3):
        drain_deliveries(now=timezone.now(), limit=200)
    return Notification.objects.get()


def pushes() -> list[str]:
    rows = Delivery.objects.filter(channel="web_push").order_by("id")
    return list(rows.values_list("state", flat=True))


def test_a_browser_that_is_gone_does_not_keep_the_others_from_being_told(
    service: PushService, mailbox: Source, ana: User
) -> None:
    """F38."""
    gone, first, second = (subscribed(ana, service) for _ in range(3))
    service.end(gone)
    note = tell(mailbox)
    told = [browser.inbox[0]["tag"] for browser in (first, second)]
    assert told == [str(note.public_id)] * 2
    states = dict(Address.objects.values_list("value", "off_reason"))
    assert states == {gone.endpoint: OffReason.GONE, first.endpoint: "", second.endpoint: ""}
    assert sorted(pushes()) == ["delivered", "delivered", "failed"]
    assert len(service.asked) == 3


def test_what_was_pushed_is_read_by_its_button_everywhere(
    service: PushService, mailbox: Source, ana: User
) -> None:
    browser = subscribed(ana, service)
    note = tell(mailbox)
    pushing.act(browser.inbox[0]["token"], "read", now=timezone.now())
    note.refresh_from_db()
    assert note.status == Notification.Status.READ


def test_somebody_without_a_browser_is_not_pushed_anything(
    service: PushService, mailbox: Source, ana: User
) -> None:
    tell(mailbox)
    assert (pushes(), service.asked) == ([], [])
