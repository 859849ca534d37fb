"""Did it arrive? Also when it came with others."""

import pytest

from apps.accounts.models import Business, User
from apps.notifications.models import DigestItem
from apps.notifications.selectors import event_trace
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_event_told_in_a_digest_shows_the_digests_delivery(
    ana: User, northwind: Business
) -> None:
    event = factories.make_event(business=northwind, user=ana)
    told = factories.make_notification(event=event, user=ana)
    digest = factories.make_digest(business=northwind, user=ana, channel="console")
    factories.make_digest_item(digest=digest, notification=told)
    delivery = factories.make_delivery(digest=digest, channel="console")
    trace = event_trace(ana, event.public_id)
    assert trace is not None
    assert trace.deliveries == [delivery]


def test_what_a_digest_left_out_was_not_delivered_by_it(ana: User, northwind: Business) -> None:
    event = factories.make_event(business=northwind, user=ana)
    told = factories.make_notification(event=event, user=ana)
    digest = factories.make_digest(business=northwind, user=ana, channel="console")
    factories.make_digest_item(digest=digest, notification=told, place=DigestItem.Place.LEFT_OUT)
    factories.make_delivery(digest=digest, channel="console")
    trace = event_trace(ana, event.public_id)
    assert trace is not None
    assert trace.deliveries == []
