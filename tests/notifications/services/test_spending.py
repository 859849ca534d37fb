"""Caps of what messages cost: exact under concurrency, all or nothing, and none without room."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.models import SpendCounter, SpendPeriod
from apps.notifications.services.spending import Asked, give_back, reserve
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
DAY, MONTH = SpendPeriod.DAY, SpendPeriod.MONTH


@pytest.fixture(autouse=True)
def caps(settings: Settings) -> Settings:
    settings.SMS_USER_DAILY_CAP_MICROS = 100
    settings.SMS_USER_MONTHLY_CAP_MICROS = 250
    settings.SMS_TENANT_DAILY_CAP_MICROS = 1_000
    settings.SMS_TENANT_MONTHLY_CAP_MICROS = 2_000
    return settings


def asked(user: User, business: Business, micros: int, **values: Any) -> Asked:
    key = values.pop("key", object())
    return Asked(
        key=key,
        user_id=user.pk,
        business_id=business.pk,
        channel=values.pop("channel", "sms"),
        micros=micros,
    )


def spent() -> dict[tuple[int | None, str, str], int]:
    return {
        (row.user_id, row.period, f"{row.start:%m-%d}"): row.spent_micros
        for row in SpendCounter.objects.all()
    }


def test_a_message_that_breaks_a_cap_is_booked_nowhere(ana: User, northwind: Business) -> None:
    dear = asked(ana, northwind, 101)
    assert reserve([dear], now=NOON) == {dear.key}
    assert set(spent().values()) == {0}


def test_a_message_is_booked_for_its_person_and_tenant_by_day_and_month(
    ana: User, northwind: Business
) -> None:
    assert reserve([asked(ana, northwind, 30), asked(ana, northwind, 70)], now=NOON) == set()
    assert spent() == {
        (ana.pk, "day", "03-31"): 100,
        (ana.pk, "month", "03-01"): 100,
        (None, "day", "03-31"): 100,
        (None, "month", "03-01"): 100,
    }


def test_the_first_of_a_batch_come_first_and_a_cheap_one_may_follow(
    ana: User, northwind: Business
) -> None:
    prices = [60, 60, 40, 1]
    batch = [asked(ana, northwind, micros, key=n) for n, micros in enumerate(prices)]
    assert reserve(batch, now=NOON) == {1, 3}


def test_somebody_elses_cap_is_their_own(ana: User, boris: User, northwind: Business) -> None:
    reserve([asked(ana, northwind, 100)], now=NOON)
    assert reserve([asked(boris, northwind, 100)], now=NOON) == set()


def test_a_tenant_pays_for_all_of_its_people(
    ana: User, boris: User, northwind: Business, caps: Settings
) -> None:
    caps.SMS_TENANT_DAILY_CAP_MICROS = 150
    batch = [asked(ana, northwind, 100), asked(boris, northwind, 100, key="late")]
    assert reserve(batch, now=NOON) == {"late"}
    assert spent()[boris.pk, "day", "03-31"] == 0


def test_another_day_has_room_again_until_the_month_is_spent(
    ana: User, northwind: Business
) -> None:
    first = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    days = [first + timedelta(days=n) for n in range(4)]
    assert [reserve([asked(ana, northwind, 100, key=1)], now=day) for day in days] == [
        set(),
        set(),
        {1},
        {1},
    ]
    assert reserve([asked(ana, northwind, 100)], now=datetime(2026, 4, 1, tzinfo=UTC)) == set()


def test_channels_do_not_share_their_caps(ana: User, northwind: Business, caps: Settings) -> None:
    caps.WHATSAPP_USER_DAILY_CAP_MICROS = 40
    reserve([asked(ana, northwind, 100)], now=NOON)
    assert reserve([asked(ana, northwind, 40, channel="whatsapp")], now=NOON) == set()
    assert reserve([asked(ana, northwind, 1, channel="whatsapp", key=1)], now=NOON) == {1}


def test_a_tenant_may_have_other_caps(ana: User, zoe: User, northwind: Business) -> None:
    factories.make_spend_cap(business=northwind, user_daily_micros=10, user_monthly_micros=None)
    assert reserve([asked(ana, northwind, 11, key="no")], now=NOON) == {"no"}
    assert reserve([asked(ana, northwind, 10)], now=NOON) == set()


def test_a_cap_of_nothing_lets_nothing_pass(ana: User, northwind: Business) -> None:
    factories.make_spend_cap(business=northwind, tenant_monthly_micros=0)
    assert reserve([asked(ana, northwind, 1, key="no")], now=NOON) == {"no"}


def test_what_was_not_sent_is_given_back_where_it_was_booked(
    ana: User, northwind: Business
) -> None:
    one = asked(ana, northwind, 100)
    reserve([one], now=NOON)
    give_back([(one, NOON)])
    assert set(spent().values()) == {0}
    assert reserve([one], now=NOON) == set()


def test_what_was_booked_yesterday_is_given_back_to_yesterday(
    ana: User, northwind: Business
) -> None:
    one, today = asked(ana, northwind, 60), NOON + timedelta(days=1)
    for moment in (NOON, today):
        reserve([one], now=moment)
    give_back([(one, today), (one, NOON)])
    assert set(spent().values()) == {0}
    assert len(spent()) == 8


def test_nothing_falls_below_nothing(ana: User, northwind: Business) -> None:
    give_back([(asked(ana, northwind, 100), NOON)])
    assert set(spent().values()) == {0}


def test_nobody_who_asks_for_nothing_is_asked_about(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert reserve([], now=NOON) == set()
        give_back([])


def test_a_batch_takes_three_statements(
    ana: User, boris: User, northwind: Business, django_assert_num_queries: Any
) -> None:
    batch = [asked(user, northwind, 1) for user in (ana, boris) * 50]
    with django_assert_num_queries(3):
        assert reserve(batch, now=NOON) == set()


def at_once(times: int, work: Callable[[int], None]) -> None:
    """In as many threads, each with its own connection."""
    start = threading.Barrier(times)

    def run(number: int) -> None:
        start.wait(10)
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


@pytest.mark.django_db(transaction=True)
def test_a_cap_is_never_passed_however_many_ask_at_once(
    ana: User, boris: User, northwind: Business, caps: Settings
) -> None:
    caps.SMS_TENANT_DAILY_CAP_MICROS = 150
    granted: list[int] = []

    def work(number: int) -> None:
        users = (ana, boris) if number % 2 else (boris, ana)
        batch = [asked(user, northwind, 10, key=(number, user.pk)) for user in users]
        with transaction.atomic():
            refused = reserve(batch, now=NOON)
        granted.extend(user.pk for user in users if (number, user.pk) not in refused)

    at_once(16, work)
    assert len(granted) == 15
    assert max(granted.count(ana.pk), granted.count(boris.pk)) <= 10
    assert spent()[None, "day", "03-31"] == 150


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_booked(ana: User, northwind: Business) -> None:
    with transaction.atomic():
        reserve([asked(ana, northwind, 100)], now=NOON)
        transaction.set_rollback(True)
    assert reserve([asked(ana, northwind, 100)], now=NOON) == set()
