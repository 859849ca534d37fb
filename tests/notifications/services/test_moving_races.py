"""What waits is moved by two at once: neither waits for the other in a circle."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from apps.accounts.models import Business, User
from apps.notifications.models import Delivery, Notification, Tally
from apps.notifications.services import postponing
from apps.notifications.services.tallying import shift
from apps.rules.services.silences import Snooze
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def meanwhile(call: Callable[[], object], threads: ThreadPoolExecutor) -> Future[None]:
    """`call` begun beside this transaction; returns once it waits for a lock that this one has."""

    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    future = threads.submit(run)
    deadline = monotonic() + 10
    while monotonic() < deadline and not future.done():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted"
                " AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
            )
            if cursor.fetchone() == (True,):
                break
        sleep(0.01)
    return future


def free(rows: QuerySet[Any]) -> bool:
    """Whether nobody else has these rows."""
    found = rows.select_for_update(of=("self",), skip_locked=True)
    return len(found) == rows.count()


def test_what_moves_to_an_earlier_day_takes_its_rows_by_day_as_what_is_told_does(
    ana: User, now: datetime
) -> None:
    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    for day in (today, tomorrow):
        Tally.objects.create(user=ana, channel="", local_date=day, count=1)
    days = Tally.objects.order_by("local_date")
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            days.filter(local_date=today).select_for_update().get()
            changes = Counter({(ana.pk, "", today): 1, (ana.pk, "", tomorrow): -1})
            moving = meanwhile(lambda: transaction.atomic(shift)(changes), threads)
            assert free(days.filter(local_date=tomorrow))
        moving.result(timeout=10)
    assert list(days.values_list("count", flat=True)) == [2, 0]


def test_who_snoozes_one_notification_waits_for_whoever_has_its_delivery_before_taking_it(
    northwind: Business, ana: User, now: datetime
) -> None:
    event = factories.make_event(business=northwind, user=ana)
    row = factories.make_notification(event=event, user=ana, now=now)
    ringing = factories.make_delivery(notification=row, channel="console", due_at=now)
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Delivery.objects.select_for_update(of=("self",)).get(pk=ringing.pk)
            snoozing = meanwhile(
                lambda: postponing.postpone(
                    ana, row.public_id, Snooze.HOUR, clock=ZoneInfo("UTC"), now=now
                ),
                threads,
            )
            assert free(Notification.objects.filter(pk=row.pk))
        snoozing.result(timeout=10)
    ringing.refresh_from_db()
    assert ringing.due_at == now + timedelta(hours=1)
