from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.notifications.models import Address
from apps.notifications.services.hook_health import watch
from apps.notifications.types import OffReason
from tests import factories

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _hundred_hours(settings: Settings) -> None:
    settings.WEBHOOK_DISABLE_AFTER_HOURS = 100


def failing(user: User, now: datetime, hours: float, channel: str = "webhook") -> Address:
    return factories.make_address(
        user=user, channel=channel, failing_since=now - timedelta(hours=hours)
    )


def test_what_is_not_due_costs_nothing(
    ana: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        failing(ana, now, 49),
        failing(ana, now, 500, channel="web_push"),
        factories.make_address(user=ana, channel="slack"),
    ]
    with django_assert_num_queries(0):
        assert watch(rows, now=now) == []


def test_its_owner_is_warned_once_a_stage(ana: User, now: datetime) -> None:
    row = failing(ana, now, 50)
    [notice] = watch([row], now=now)
    assert (notice.stage, notice.user_id) == (50, ana.pk)
    assert notice.off_at == now + 50 * HOUR
    # The same old values again, as another worker would bring them.
    assert watch([row], now=now) == []
    row.refresh_from_db()
    assert [n.stage for n in watch([row], now=now + 20 * HOUR)] == [70]


def test_after_all_warnings_it_is_off_and_on_record(ana: User, now: datetime) -> None:
    row = failing(ana, now, 0)
    for hours in range(0, 102, 2):
        row.refresh_from_db()
        watch([row], now=now + hours * HOUR)
    row.refresh_from_db()
    assert (row.state, row.off_reason) == (Address.State.OFF, OffReason.FAILING)
    told = AuditEvent.objects.filter(subject=f"address:{row.public_id}").order_by("id")
    assert [(one.type, one.metadata["stage"]) for one in told] == [
        ("hook_warned", 50),
        ("hook_warned", 70),
        ("hook_warned", 90),
        ("hook_disabled", 100),
    ]
    assert {one.business_id for one in told} == {ana.memberships.get().business_id}
    assert watch([row], now=now + 500 * HOUR) == []


def test_one_that_recovered_meanwhile_is_left(ana: User, now: datetime) -> None:
    row = failing(ana, now, 95)
    Address.objects.update(failing_since=None)
    assert watch([row], now=now) == []
    assert not AuditEvent.objects.exists()


def test_many_take_as_many_queries_as_one(
    ana: User, boris: User, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [failing(user, now, hours) for user in (ana, boris) for hours in range(51, 100)]
    old = failing(ana, now, 150)
    Address.objects.filter(pk=old.pk).update(warned_at=now - 20 * HOUR)
    old.refresh_from_db()
    # Savepoint and release around them.
    with django_assert_max_num_queries(7):
        notices = watch([*rows, old], now=now)
    assert len(notices) == 99
    assert notices[-1].stage == 100
