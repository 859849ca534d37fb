"""kill -9 of a worker that puts off what its person does not want now (reliability.md F1)."""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services import waking
from tests import factories
from tests.faults.harness import (
    CONSOLE,
    Toll,
    Workers,
    assert_attempts_add_up,
    console_lines,
    wait_until,
)

pytestmark = pytest.mark.processes

# A first worker that dies for certain, and one born after it that lives.
ONCE: dict[str, Any] = {"count": 1, "generations": 1, "settings": CONSOLE}


@pytest.fixture
def ringing(business: Business, ana: User) -> Delivery:
    """Due on the console while its person snoozes."""
    factories.make_silence(business=business, user=ana)
    event = factories.make_event(business=business, user=ana)
    row = factories.make_notification(event=event, user=ana, now=timezone.now())
    return factories.make_delivery(notification=row, channel="console")


def wait_for(state: Delivery.State, reason: str) -> None:
    wait_until(
        Delivery.objects.filter(state=state, reason=reason).exists,
        seconds=30,
        what=f"the delivery is {state}",
    )


def test_what_is_put_off_by_a_worker_that_dies_is_put_off_by_the_next_and_told_once(
    workers: Workers, ringing: Delivery, business: Business, ana: User
) -> None:
    workers.start(armed="D9", **ONCE)
    wait_for(Delivery.State.PENDING, "snoozed")
    assert not DeliveryAttempt.objects.exists()
    waking.wake(business, ana, now=timezone.now())
    wait_for(Delivery.State.DELIVERED, "")
    assert workers.stop() == Toll(kills=1, crashes=[], failures=0)
    assert_attempts_add_up()
    assert console_lines(workers.output()).total() == 1
