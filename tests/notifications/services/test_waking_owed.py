"""A change stands although what it lets go of cannot be let go of just then."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.notifications.models import Delivery, Preference, Waking
from apps.notifications.services import preferences, waking
from apps.pipeline.management.commands.drain import drain_all
from apps.pipeline.tasks import sweep
from apps.rules.services.silences import Snooze
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
OVERDUE = timedelta(minutes=2)


@pytest.fixture
def held(northwind: Business, ana: User) -> Delivery:
    """Ana's quiet hours, which are most of the day, hold something of hers for hours."""
    now = timezone.now()
    start = (now - HOUR).time().replace(second=0, microsecond=0)
    factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=start,
        quiet_end=(now + 12 * HOUR).time().replace(second=0, microsecond=0),
    )
    event = factories.make_event(business=northwind, user=ana)
    row = factories.make_notification(
        event=event, user=ana, status="queued", due_at=now + 11 * HOUR, now=now
    )
    return factories.make_delivery(notification=row, due_at=now + 11 * HOUR, reason="quiet_hours")


def while_it_is_locked(held: Delivery, call: Callable[[], object]) -> object:
    """`call` meets a worker that keeps the row for longer than anybody waits for a lock."""

    def run() -> object:
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Delivery.objects.select_for_update(of=("self",)).get(pk=held.pk)
        return threads.submit(run).result(timeout=20)


def due_at(held: Delivery) -> datetime:
    held.refresh_from_db()
    return held.due_at


def test_a_change_is_answered_as_saved_and_let_go_of_later(
    held: Delivery, ana: User, as_ana: JsonClient
) -> None:
    body = {"quiet_hours": {"enabled": False}}
    answer = while_it_is_locked(held, lambda: as_ana.patch("/v3/proactive/preferences", body))
    assert answer.status_code == 200  # type: ignore[attr-defined]  # a thread's result
    assert not Preference.objects.get().quiet_hours_enabled
    assert due_at(held) > timezone.now()
    now = timezone.now() + OVERDUE
    assert waking.let_go_owed(now=now) == 1
    assert due_at(held) <= now
    assert not Waking.objects.exists()


def test_so_is_the_end_of_a_snooze(held: Delivery, northwind: Business, ana: User) -> None:
    now = timezone.now()
    waking.snooze(northwind, ana, Snooze.HOUR, clock=ZoneInfo("UTC"), now=now)
    while_it_is_locked(held, lambda: waking.wake(northwind, ana, now=now))
    assert Waking.objects.get().user == ana


def test_what_is_let_go_of_at_once_is_owed_no_more(held: Delivery, ana: User) -> None:
    preferences.update(ana, {"quiet_hours_enabled": False})
    assert due_at(held) <= timezone.now()
    assert not Waking.objects.exists()


def test_what_somebody_may_be_at_just_now_is_left_to_them(
    northwind: Business, ana: User, now: datetime
) -> None:
    with transaction.atomic():
        waking.owe(northwind, ana, now=now)
    assert waking.let_go_owed(now=now) == 0


def test_one_that_fails_again_keeps_nobody_waiting_and_is_tried_again(
    held: Delivery, northwind: Business, ana: User, boris: User
) -> None:
    now = timezone.now()
    Preference.objects.update(quiet_hours_enabled=False)
    factories.make_waking(business=northwind, user=ana, due_at=now - HOUR)
    factories.make_waking(business=northwind, user=boris, due_at=now)
    assert while_it_is_locked(held, lambda: waking.let_go_owed(now=now)) == 1
    assert Waking.objects.get().user == ana
    assert waking.let_go_owed(now=now) == 0
    assert waking.let_go_owed(now=now + OVERDUE) == 1


@pytest.mark.parametrize("swept", [sweep, lambda: drain_all([])], ids=["beat", "drain"])
def test_the_sweep_does_what_is_owed(
    held: Delivery, northwind: Business, ana: User, swept: Callable[[], None]
) -> None:
    Preference.objects.update(quiet_hours_enabled=False)
    factories.make_waking(business=northwind, user=ana)
    swept()
    assert due_at(held) <= timezone.now()
