"""Is what waited for its channel still worth a ring?"""

from datetime import timedelta

import pytest

from apps.accounts.models import Business, User
from apps.ingestion.types import EventKind
from apps.notifications.models import Delivery, Notification
from apps.notifications.services.releasing import moot_of, set_aside
from apps.notifications.types import MootReason
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

ENDS = NOON + timedelta(minutes=1)


@pytest.fixture
def ringing(northwind: Business, ana: User) -> Delivery:
    """Of a meeting that was told at noon and ends a minute later."""
    event = factories.make_event(
        business=northwind, user=ana, kind=EventKind.CALENDAR, ends_at=ENDS
    )
    row = factories.make_notification(event=event, user=ana)
    return factories.make_delivery(notification=row, channel="console")


def test_what_waited_for_its_channel_until_it_was_over_rings_nobody(ringing: Delivery) -> None:
    later = NOON + timedelta(hours=8)
    moot = moot_of([ringing], now=later)
    assert moot == {ringing.pk: MootReason.MEETING_OVER}
    set_aside([ringing], moot, now=later)
    ringing.refresh_from_db()
    assert (ringing.state, ringing.reason) == (Delivery.State.EXPIRED, "meeting_over")
    row = Notification.objects.get()
    assert (row.status, row.awaits_digest) == (Notification.Status.DELIVERED, False)


def test_what_has_just_entered_the_inbox_is_sent_on(ringing: Delivery) -> None:
    assert moot_of([ringing], now=ENDS) == {}


def test_what_was_tried_before_is_tried_again(ringing: Delivery) -> None:
    ringing.attempt_count = 1
    assert moot_of([ringing], now=NOON + timedelta(hours=8)) == {}
