"""A place on a day is given back to the day that had it, in whatever zone its person is by then."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.notifications.models import Delivery, Move, Preference, Tally
from apps.notifications.services import waking
from apps.notifications.services.moving import Moving, move
from apps.pipeline.services.inbox import drain_inbox
from tests import factories
from tests.flows.conftest import Outsider

Mail = Callable[..., dict[str, Any]]

# 26 hours apart: at no moment do they have the same date.
EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"
HOUR = timedelta(hours=1)


@pytest.fixture
def put_off(
    ana: User, mailroom: Outsider, mail: Mail, settings: Settings, now: datetime
) -> datetime:
    """For some minutes more it is night in the East, where Ana is."""
    settings.EXTRA_CHANNELS, settings.PRESENCE_WINDOW_SECONDS = ["console"], 0
    east = now.astimezone(ZoneInfo(EAST)).replace(second=0, microsecond=0)
    factories.make_preference(
        user=ana,
        time_zone=EAST,
        quiet_hours_enabled=True,
        quiet_start=(east - HOUR).time(),
        quiet_end=(east + HOUR).time(),
    )
    mailroom.post(mail(subject="Contract", text="The contract is ready to be signed by you."))
    drain_inbox(now=now, limit=10)
    due_at = Delivery.objects.get(channel="in_app").due_at
    assert tallies() == both(day(due_at, EAST))
    return due_at


def tallies() -> dict[tuple[str, date], int]:
    rows = Tally.objects.filter(count__gt=0).values_list("channel", "local_date", "count")
    return {(channel, day): count for channel, day, count in rows}


def both(day: date) -> dict[tuple[str, date], int]:
    """Counted once on `day`, and nowhere else."""
    return {("", day): 1, ("console", day): 1}


def day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def travel_and_wake(user: User, zone: str, *, now: datetime) -> None:
    """The row alone says so: what the service would let go of is asked for right after it."""
    Preference.objects.filter(user=user).update(time_zone=zone, quiet_hours_enabled=False)
    waking.let_go(business_of(user), user, now=now)


def postpone_all(*, now: datetime) -> None:
    rows = Delivery.objects.values_list("notification_id", "channel", "due_at")
    with transaction.atomic():
        move(
            [
                Moving(notification_id=pk, channel=channel, was=due_at, becomes=now)
                for pk, channel, due_at in rows
                if pk is not None
            ],
            now=now,
        )


def test_what_was_put_off_is_taken_from_the_day_that_counted_it(
    put_off: datetime, ana: User, now: datetime
) -> None:
    travel_and_wake(ana, WEST, now=now)
    assert tallies() == both(day(now, WEST))


def test_and_then_from_the_day_it_was_moved_to(put_off: datetime, ana: User, now: datetime) -> None:
    factories.make_silence(business=business_of(ana), user=ana, expires_at=now + HOUR / 2)
    travel_and_wake(ana, WEST, now=now)
    assert tallies() == both(day(now + HOUR / 2, WEST))
    waking.wake(business_of(ana), ana, now=now)
    travel_and_wake(ana, EAST, now=now)
    assert tallies() == both(day(now, WEST))


def test_of_what_says_no_day_it_is_the_one_in_the_zone_of_now(
    put_off: datetime, ana: User, now: datetime
) -> None:
    """As all that was decided before days were written down."""
    Delivery.objects.update(counted_on=None)
    travel_and_wake(ana, EAST, now=now)
    assert tallies() == both(day(now, EAST))
    Move.objects.update(counted_on=None)
    postpone_all(now=now + HOUR * 30)
    assert tallies() == both(day(now + HOUR * 30, EAST))
