"""When somebody reads, by their own clock."""

from datetime import timedelta

import pytest

from apps.accounts.models import Business, User
from apps.notifications.selectors import reads_by_hour
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db


def test_whoever_has_read_nothing_has_no_habits(ana: User, northwind: Business) -> None:
    factories.make_notification(event=factories.make_event(business=northwind, user=ana), user=ana)
    assert reads_by_hour({ana.pk: "UTC"}) == {}


def test_reads_are_counted_by_the_hour_of_the_readers_day(
    ana: User, boris: User, northwind: Business
) -> None:
    for user, hours in ((ana, 0), (ana, 0), (ana, 3), (boris, 1)):
        factories.make_notification(
            event=factories.make_event(business=northwind, user=user),
            user=user,
            read_at=NOON + timedelta(hours=hours),
        )
    reads = reads_by_hour({ana.pk: "Asia/Kathmandu", boris.pk: "UTC"})
    assert {hour: count for hour, count in enumerate(reads[ana.pk]) if count} == {17: 2, 20: 1}
    assert reads[boris.pk][13] == 1
