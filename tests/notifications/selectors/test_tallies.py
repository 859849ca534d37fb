"""How often somebody was told, and is to be, by their own days."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.notifications.models import Notification, Tally
from apps.notifications.selectors import last_released, tallies_of
from apps.notifications.types import Outcome
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)


def promise(user: User, day: date, count: int) -> None:
    Tally.objects.create(user=user, local_date=day, count=count, last_at=None)


def test_whoever_was_never_told_and_is_not_to_be_is_left_out(ana: User) -> None:
    promise(ana, TODAY - timedelta(days=1), 4)
    assert tallies_of({ana.pk: TODAY}) == {}


def test_today_and_what_follows_are_read_for_everybody_at_once(
    ana: User, boris: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.make_tally(user=ana, count=3)
    promise(ana, TOMORROW, 2)
    promise(boris, TODAY, 1)
    with django_assert_num_queries(1):
        found = tallies_of({ana.pk: TODAY, boris.pk: TODAY})
    assert (found[ana.pk].on(TODAY), found[ana.pk].last_at) == (3, NOON)
    assert found[ana.pk].after(TODAY) == {TOMORROW: 2}
    assert (found[boris.pk].on(TODAY), found[boris.pk].last_at) == (1, None)


def test_the_last_interruption_is_known_however_long_ago_it_was(ana: User) -> None:
    for days in (90, 40):
        factories.make_tally(user=ana, last_at=NOON - timedelta(days=days))
    promise(ana, TODAY, 2)
    found = tallies_of({ana.pk: TODAY})[ana.pk]
    assert (found.on(TODAY), found.last_at) == (2, NOON - timedelta(days=40))
    assert len(found.counts) == 2


def test_a_day_that_has_not_begun_for_somebody_is_no_day_of_theirs(ana: User) -> None:
    factories.make_tally(user=ana, local_date=TODAY, count=3)
    found = tallies_of({ana.pk: TODAY - timedelta(days=1)})[ana.pk]
    assert (found.on(TODAY - timedelta(days=1)), found.after(TODAY - timedelta(days=1))) == (
        0,
        {TODAY: 3},
    )


def test_the_last_thing_that_was_put_off_and_is_told_by_now_is_found_for_everybody_at_once(
    northwind: Business,
    ana: User,
    boris: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    earlier = NOON - timedelta(hours=8)
    since, set_aside = NOON - timedelta(minutes=5), NOON - timedelta(seconds=1)
    for user, outcome, due_at in (
        (ana, Outcome.DEFER, NOON - timedelta(minutes=2)),
        (ana, Outcome.DEFER, NOON - timedelta(minutes=1)),
        (ana, Outcome.DEFER, NOON + timedelta(minutes=1)),
        (ana, Outcome.DIGEST, NOON),
        (ana, Outcome.DEFER, set_aside),
        (boris, Outcome.DEFER, since),
    ):
        event = factories.make_event(business=northwind, user=user)
        decision = factories.make_decision(event=event, user=user, outcome=outcome, due_at=due_at)
        factories.make_notification(
            event=event, user=user, decision=decision, due_at=due_at, created_at=earlier
        )
    Notification.objects.filter(due_at=set_aside).update(moot_reason="silenced")
    with django_assert_num_queries(1):
        found = last_released({ana.pk, boris.pk}, since=since, until=NOON)
    assert found == {ana.pk: NOON - timedelta(minutes=1)}


def test_nothing_is_asked_about_nobody(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert last_released(set(), since=NOON, until=NOON) == {}
