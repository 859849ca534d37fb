"""What providers report: written down once, never backwards, never lost for being early."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections

from apps.accounts.models import Business, User
from apps.core.identifiers import uuid7
from apps.notifications.models import Address, Delivery, DeliveryAttempt, ProviderReport
from apps.notifications.services.callbacks import place_waiting, take
from apps.notifications.types import Report, ReportKind
from tests import factories

pytestmark = pytest.mark.django_db

State = Delivery.State


@pytest.fixture
def attempt(northwind: Business, ana: User) -> DeliveryAttempt:
    """A mail that its provider took."""
    note = factories.make_notification(
        event=factories.make_event(business=northwind, user=ana), user=ana
    )
    address = factories.make_address(user=ana, channel="email")
    delivery = factories.make_delivery(
        notification=note, channel="email", state=State.DELIVERED, address=address, attempt_count=1
    )
    return factories.make_attempt(delivery=delivery, provider_message_id="sg-1")


def report(
    attempt: DeliveryAttempt | None, kind: ReportKind, now: datetime, **values: object
) -> Report:
    fields = {
        "callback_id": str(uuid7()),
        "ref": attempt.public_id if attempt else None,
        **values,
    }
    return Report(kind=kind, at=now, **fields)  # type: ignore[arg-type]


def test_a_report_on_nobodys_message_waits_and_harms_nobody(now: datetime) -> None:
    unknown = report(None, ReportKind.BOUNCED, now, provider_message_id="sg-9", lasting=True)
    assert take("sendgrid", [unknown], now=now) == 1
    assert ProviderReport.objects.get().attempt is None


def test_the_same_report_counts_once_however_often_it_comes(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    same = report(attempt, ReportKind.DELIVERED, now)
    assert [take("sendgrid", [same, same], now=now) for _ in range(3)] == [1, 0, 0]
    assert ProviderReport.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_report_twenty_times_at_once_counts_once(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    same, counted = report(attempt, ReportKind.BOUNCED, now), []

    def send() -> None:
        counted.append(take("sendgrid", [same], now=now))
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counted) == [0] * 19 + [1]


@pytest.mark.parametrize("turned", [False, True])
def test_what_comes_late_takes_nothing_back(
    attempt: DeliveryAttempt, now: datetime, turned: bool
) -> None:
    words = [
        report(attempt, ReportKind.ACCEPTED, now),
        report(attempt, ReportKind.DELIVERED, now + timedelta(seconds=1)),
    ]
    for word in reversed(words) if turned else words:
        take("sendgrid", [word], now=now)
    attempt.refresh_from_db()
    assert (attempt.report, attempt.reported_at) == ("delivered", now + timedelta(seconds=1))


def test_a_bounce_makes_the_delivery_due_and_switches_the_address_off(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    take("sendgrid", [report(attempt, ReportKind.BOUNCED, now, lasting=True)], now=now)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.due_at) == (State.RETRY, now)
    address = Address.objects.get()
    assert (address.state, address.off_reason) == ("off", "bounced")


def test_a_complaint_switches_the_address_off_and_leaves_the_delivery_told(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    take("sendgrid", [report(attempt, ReportKind.COMPLAINED, now)], now=now)
    assert Delivery.objects.get().state == State.DELIVERED
    assert Address.objects.get().off_reason == "complained"


@pytest.mark.parametrize("state", [State.UNKNOWN, State.HELD])
def test_a_report_on_what_nobody_knew_of_makes_it_due(
    attempt: DeliveryAttempt, now: datetime, state: str
) -> None:
    Delivery.objects.update(state=state)
    take("sendgrid", [report(attempt, ReportKind.DELIVERED, now)], now=now)
    assert Delivery.objects.get().state == State.RETRY


def test_a_report_that_comes_while_it_is_being_sent_leaves_it_to_its_worker(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    Delivery.objects.update(state=State.ATTEMPTING)
    take("sendgrid", [report(attempt, ReportKind.DELIVERED, now)], now=now)
    assert Delivery.objects.get().state == State.ATTEMPTING
    attempt.refresh_from_db()
    assert attempt.report == "delivered"


def test_a_report_that_was_faster_than_our_commit_is_placed_by_the_providers_id(
    attempt: DeliveryAttempt, now: datetime
) -> None:
    early = report(None, ReportKind.DELIVERED, now, provider_message_id="sg-2")
    take("sendgrid", [early], now=now)
    attempt.provider_message_id = "sg-2"
    attempt.save()
    place_waiting([attempt], now=now)
    attempt.refresh_from_db()
    assert attempt.report == "delivered"
    assert ProviderReport.objects.get().attempt == attempt
