"""Who is at their inbox: written seldom, one row a person."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from apps.accounts.models import Business, User
from apps.notifications.models import Presence
from apps.notifications.selectors import last_seen
from apps.notifications.services import presence, reading
from tests import factories
from tests.conftest import JsonClient

pytestmark = pytest.mark.django_db


def seen_at(user: User) -> datetime:
    return Presence.objects.get(user=user).seen_at


def test_nobody_is_no_statement(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        presence.note([], now=now)


def test_where_presence_counts_for_nothing_none_is_kept(
    ana: User, now: datetime, settings: Settings
) -> None:
    settings.PRESENCE_WINDOW_SECONDS = 0
    presence.note([ana.pk], now=now)
    assert not Presence.objects.exists()


def test_somebody_who_is_gone_for_good_stops_nobody(ana: User, now: datetime) -> None:
    presence.note([ana.pk, ana.pk + 1_000_000], now=now)
    assert seen_at(ana) == now


def test_a_sign_is_written_down_again_only_once_the_last_has_aged(ana: User, now: datetime) -> None:
    presence.note([ana.pk], now=now)
    presence.note([ana.pk], now=now + timedelta(seconds=15))
    assert seen_at(ana) == now
    presence.note([ana.pk], now=now + timedelta(seconds=16))
    assert seen_at(ana) == now + timedelta(seconds=16)


def test_a_clock_that_is_behind_takes_no_sign_back(ana: User, now: datetime) -> None:
    presence.note([ana.pk], now=now)
    presence.note([ana.pk], now=now - timedelta(minutes=5))
    assert seen_at(ana) == now


def test_many_are_written_in_one_statement(
    ana: User, boris: User, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        presence.note([boris.pk, ana.pk], now=now)
    assert last_seen({ana.pk, boris.pk}, since=now - timedelta(seconds=1)) == {
        ana.pk: now,
        boris.pk: now,
    }


def test_who_was_there_long_ago_is_not_there(ana: User, now: datetime) -> None:
    factories.make_presence(user=ana, seen_at=now - timedelta(minutes=1))
    assert last_seen({ana.pk}, since=now - timedelta(minutes=1)) == {}


def test_opening_the_inbox_is_a_sign(ana: User, boris: User) -> None:
    browser = Client()
    browser.force_login(ana)
    assert browser.get("/inbox/").status_code == 200
    assert list(Presence.objects.values_list("user_id", flat=True)) == [ana.pk]


def test_looking_at_what_one_may_be_told_is_none(as_ana: JsonClient) -> None:
    assert as_ana.get("/api/notifications/preferences").status_code == 200
    assert not Presence.objects.exists()


def test_reading_is_a_sign(ana: User, northwind: Business, now: datetime) -> None:
    event = factories.make_event(business=northwind, user=ana)
    row = factories.make_notification(event=event, user=ana)
    reading.mark_read(ana, row.public_id, now=now)
    assert seen_at(ana) == now
    reading.mark_all_read(ana, now=now + timedelta(minutes=1))
    assert seen_at(ana) == now + timedelta(minutes=1)
