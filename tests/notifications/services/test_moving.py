"""What waits is due at another moment: with as many queries for many as for one."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Business, User
from apps.notifications.models import Move, Notification
from apps.notifications.services.moving import Moving, move
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def queries_of(rows: list[Notification], *, now: datetime) -> int:
    """How many it takes to move each of `rows` to an hour of its own."""
    movings = [
        Moving(
            notification_id=row.pk, channel="in_app", was=row.due_at, becomes=now + HOUR * (n + 1)
        )
        for n, row in enumerate(rows)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        move(movings, now=now)
    return len(queries)


def test_what_each_moves_to_another_moment_takes_as_many_queries_as_one(
    northwind: Business, ana: User, now: datetime
) -> None:
    rows = [
        factories.make_notification(
            event=factories.make_event(business=northwind, user=ana), user=ana, now=now
        )
        for _ in range(4)
    ]
    assert queries_of(rows[:1], now=now) == queries_of(rows[1:], now=now)
    due = Notification.objects.order_by("pk").values_list("due_at", flat=True)
    assert list(due) == [now + HOUR * n for n in (1, 1, 2, 3)]
    assert Move.objects.count() == 4
