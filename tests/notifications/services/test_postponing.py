"""Snoozed by itself: it leaves the inbox, and comes back while it is still true."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.core.errors import Conflict, NotFound
from apps.notifications import selectors
from apps.notifications.models import Delivery, DeliveryAttempt, DigestRound, Notification
from apps.notifications.selectors.inbox import held_page, inbox_page, unread_count
from apps.notifications.services import preferences, waking
from apps.notifications.services.postponing import postpone
from apps.pipeline.services.deliveries import drain_deliveries
from apps.rules.services.silences import Snooze
from tests import factories

pytestmark = pytest.mark.django_db

UTC = ZoneInfo("UTC")
HOUR = timedelta(hours=1)


@pytest.fixture
def began() -> datetime:
    """Some hours ago, so that what is put off is due by the database's own clock."""
    return timezone.now() - 4 * HOUR


@pytest.fixture
def told(northwind: Business, ana: User, began: datetime) -> Notification:
    event = factories.make_event(business=northwind, user=ana)
    row = factories.make_notification(event=event, user=ana, now=began)
    inbox = factories.make_delivery(
        notification=row, state=Delivery.State.DELIVERED, attempt_count=1, due_at=began
    )
    DeliveryAttempt.objects.create(delivery=inbox, number=1, outcome="delivered")
    return row


def put_off(user: User, row: Notification, now: datetime) -> datetime:
    return postpone(user, row.public_id, Snooze.HOUR, clock=UTC, now=now)


def test_nobody_puts_off_what_is_anothers(told: Notification, boris: User, began: datetime) -> None:
    with pytest.raises(NotFound):
        put_off(boris, told, began)


@pytest.mark.parametrize("status", ["queued", "expired", "failed"])
def test_what_is_not_in_the_inbox_is_not_put_off(
    told: Notification, ana: User, began: datetime, status: str
) -> None:
    Notification.objects.update(status=status)
    with pytest.raises(Conflict):
        put_off(ana, told, began)


def test_what_is_over_by_then_is_not_put_off(
    told: Notification, ana: User, began: datetime
) -> None:
    Notification.objects.update(expires_at=began + HOUR)
    with pytest.raises(Conflict):
        put_off(ana, told, began)


def test_it_leaves_the_inbox_and_is_shown_among_what_is_held(
    told: Notification, ana: User, began: datetime
) -> None:
    assert put_off(ana, told, began) == began + HOUR
    page = inbox_page(ana, unread_only=False, before=None)
    assert (page.entries, page.unread) == ((), 0)
    [held] = held_page(ana, before=None, now=began).held
    assert (held.due_at, held.arrived_at) == (began + HOUR, None)


def test_it_comes_back_unread_as_if_it_had_just_come(
    told: Notification, ana: User, began: datetime
) -> None:
    Notification.objects.update(status="read", read_at=began)
    put_off(ana, told, began)
    drain_deliveries(now=began + HOUR, limit=10)
    [entry] = inbox_page(ana, unread_only=True, before=None).entries
    assert entry.id == told.public_id
    assert began + HOUR <= entry.delivered_at < began + HOUR + timedelta(minutes=1)
    assert list(told.deliveries.get().attempts.values_list("number", "outcome")) == [
        (1, "delivered"),
        (2, "delivered"),
    ]


def test_what_came_with_a_digest_comes_back_by_itself(
    told: Notification, ana: User, began: datetime
) -> None:
    told.deliveries.all().delete()
    put_off(ana, told, began)
    drain_deliveries(now=began + HOUR, limit=10)
    assert unread_count(ana) == 1


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_a_channel_that_was_still_to_ring_rings_with_it(
    told: Notification, ana: User, began: datetime, state: str
) -> None:
    ringing = factories.make_delivery(
        notification=told, channel="console", due_at=began, state=state, token=uuid4()
    )
    put_off(ana, told, began)
    ringing.refresh_from_db()
    assert (ringing.due_at, ringing.state) == (began + HOUR, "pending")


def test_it_is_set_aside_when_it_is_no_longer_true(
    told: Notification, northwind: Business, ana: User, began: datetime
) -> None:
    factories.make_classification(event=told.event)
    put_off(ana, told, began)
    factories.make_silence(business=northwind, user=ana, category="message")
    drain_deliveries(now=began + HOUR, limit=10)
    told.refresh_from_db()
    assert (told.status, unread_count(ana)) == ("expired", 0)


def test_its_repeat_goes_by_when_it_comes_back(
    told: Notification, ana: User, began: datetime
) -> None:
    put_off(ana, told, began)
    told_at = [one.at for one in selectors.told_since({ana.pk}, began + HOUR)[ana.pk]]
    assert told_at == [began + HOUR]


def test_it_keeps_its_time_when_a_snooze_of_everything_ends(
    told: Notification, northwind: Business, ana: User, began: datetime
) -> None:
    until = put_off(ana, told, began)
    waking.wake(northwind, ana, now=began + HOUR / 4)
    assert told.deliveries.get().due_at == until


def test_it_keeps_its_time_when_preferences_change(told: Notification, ana: User) -> None:
    now = timezone.now()
    until = put_off(ana, told, now)
    preferences.update(ana, {"min_urgency": "high"})
    assert told.deliveries.get().due_at == until


@pytest.mark.parametrize("state", ["pending", "claimed"])
def test_nor_does_a_channel_ring_earlier_that_quiet_hours_had_held(
    told: Notification, northwind: Business, ana: User, began: datetime, state: str
) -> None:
    ringing = factories.make_delivery(
        notification=told, channel="console", state=state, due_at=began, reason="quiet_hours"
    )
    until = put_off(ana, told, began)
    waking.let_go(northwind, ana, now=began + HOUR / 4)
    ringing.refresh_from_db()
    assert ringing.due_at == until


def test_a_digest_that_was_to_tell_it_elsewhere_tells_it_when_it_comes_back(
    told: Notification, ana: User, began: datetime
) -> None:
    Notification.objects.update(
        awaits_digest=True, awaits_channels=["console"], digest_slot=began + HOUR / 2
    )
    until = put_off(ana, told, began)
    assert DigestRound.objects.get().slot == until
