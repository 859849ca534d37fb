"""The same fact twice is told once, however it came (reliability.md F21)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.ingestion.models import Event, RawEvent, Source
from apps.notifications.models import Decision, Notification
from tests import factories
from tests.pipeline import builders
from tests.pipeline.builders import drain, event_of, raw_of, receive, told_of

MAIL = {"subject": "Offer for you", "text": "Please have a look at the offer."}


def test_equal_content_under_another_id_is_folded_into_the_first(mailbox: Source) -> None:
    first, second = receive(mailbox, builders.mail(**MAIL), builders.mail(**MAIL))
    drain()
    assert event_of(second).duplicate_of == event_of(first)
    assert (raw_of(second).state, raw_of(second).reason) == ("done", "duplicate_content")
    assert len(told_of(first)) == 1
    assert not Decision.objects.filter(correlation_id=second).exists()


def test_equal_content_in_a_later_round_is_folded_too(mailbox: Source) -> None:
    [first] = receive(mailbox, builders.mail(**MAIL))
    drain()
    [second] = receive(mailbox, builders.mail(**MAIL))
    drain()
    assert event_of(second).duplicate_of == event_of(first)
    assert Notification.objects.count() == 1


def test_a_duplicate_of_a_duplicate_points_at_the_one_that_was_told(mailbox: Source) -> None:
    ids = receive(mailbox, *(builders.mail(**MAIL) for _ in range(2)))
    drain()
    ids += receive(mailbox, builders.mail(**MAIL))
    drain()
    assert event_of(ids[2]).duplicate_of == event_of(ids[0])


def test_other_content_is_no_duplicate(mailbox: Source) -> None:
    [first, second] = receive(mailbox, builders.mail(), builders.mail())
    drain()
    assert event_of(second).duplicate_of is None
    assert len(told_of(first)) == len(told_of(second)) == 1


def test_the_same_words_of_another_sender_are_another_fact(mailbox: Source) -> None:
    other = builders.mail(**MAIL, sender="Dora <dora@acme.example>")
    [_, second] = receive(mailbox, builders.mail(**MAIL), other)
    drain()
    assert event_of(second).duplicate_of is None


def test_the_same_content_for_somebody_else_is_told_to_them(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    factories.make_linked_account(
        business=northwind, user=boris, kind="composio_user", external_id="boris"
    )
    first, second = receive(mailbox, builders.mail(**MAIL), builders.mail(**MAIL, user="boris"))
    drain()
    assert event_of(second).duplicate_of is None
    assert [told.user for told in told_of(first) + told_of(second)] == [mailbox_owner(), boris]


def mailbox_owner() -> User:
    return User.objects.get(name="Ana")


@pytest.mark.parametrize("apart_seconds", [1, 61, 299])
def test_what_came_within_the_window_is_one_fact_across_any_minute(
    mailbox: Source, apart_seconds: int
) -> None:
    first, second = receive(mailbox, builders.mail(**MAIL), builders.mail(**MAIL))
    came = timezone.now().replace(second=59, microsecond=900_000) - timedelta(minutes=30)
    RawEvent.objects.filter(correlation_id=first).update(received_at=came)
    later = came + timedelta(seconds=apart_seconds)
    RawEvent.objects.filter(correlation_id=second).update(received_at=later)
    drain(limit=1)
    assert event_of(second).duplicate_of == event_of(first)


@pytest.mark.parametrize("limit", [1, 200])
def test_what_came_after_the_window_is_a_fact_of_its_own_even_in_a_backlog(
    mailbox: Source, limit: int
) -> None:
    first, second = receive(mailbox, builders.mail(**MAIL), builders.mail(**MAIL))
    came = timezone.now() - timedelta(minutes=30)
    RawEvent.objects.filter(correlation_id=first).update(received_at=came)
    later = came + timedelta(seconds=300)
    RawEvent.objects.filter(correlation_id=second).update(received_at=later)
    drain(limit=limit)
    assert event_of(second).duplicate_of is None


@pytest.mark.django_db(transaction=True)
def test_fifty_of_the_same_in_two_drains_at_once_are_told_once(mailbox: Source) -> None:
    receive(mailbox, *(builders.mail(**MAIL) for _ in range(50)))

    def drain_apart(_: int) -> None:
        try:
            drain(limit=5)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(drain_apart, range(2)))
    assert Notification.objects.count() == 1
    assert Decision.objects.count() == 1
    [original] = Event.objects.filter(duplicate_of=None)
    assert Event.objects.filter(duplicate_of=original).count() == 49
    assert RawEvent.objects.filter(state="done", reason="duplicate_content").count() == 49


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_tell_every_different_fact_once(
    mailbox: Source, settings: Settings
) -> None:
    settings.RATE_LIMIT_USER_PER_MINUTE = 1_000
    receive(mailbox, *(builders.mail() for _ in range(60)))

    def drain_apart(_: int) -> None:
        try:
            drain(limit=3)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(drain_apart, range(4)))
    assert Notification.objects.filter(status="delivered").count() == 60
    assert Event.objects.count() == 60
