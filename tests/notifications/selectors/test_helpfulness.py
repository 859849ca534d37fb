"""How often what somebody was told helped them."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.notifications.models import Feedback
from apps.notifications.selectors import helpful_rates
from tests import factories

pytestmark = pytest.mark.django_db

Kind = Feedback.Kind


def said(user: User, business: Business, kind: Kind, category: Category, at: datetime) -> None:
    event = factories.make_event(business=business, user=user)
    row = factories.make_notification(event=event, user=user, category=category)
    right = {"urgency": "low"} if kind == Kind.WRONG else {}
    given = factories.make_feedback(notification=row, kind=kind, **right)
    Feedback.objects.filter(pk=given.pk).update(created_at=at)


def test_nobody_costs_no_query(
    now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert helpful_rates(set(), now=now) == {}


def test_words_about_a_verdict_and_words_of_long_ago_do_not_count(
    ana: User, northwind: Business, now: datetime
) -> None:
    said(ana, northwind, Kind.WRONG, Category.NEWS, now)
    said(ana, northwind, Kind.DISMISSED, Category.NEWS, now - timedelta(days=91))
    assert helpful_rates({ana.pk}, now=now) == {}


def test_each_category_has_a_rate_of_its_own_for_each_person(
    ana: User,
    boris: User,
    northwind: Business,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for kind in (Kind.DISMISSED, Kind.LESS_LIKE_THIS, Kind.HELPFUL):
        said(ana, northwind, kind, Category.NEWS, now)
    said(ana, northwind, Kind.HELPFUL, Category.RISK, now - timedelta(days=89))
    said(boris, northwind, Kind.DISMISSED, Category.NEWS, now)
    with django_assert_num_queries(1):
        rates = helpful_rates({ana.pk, boris.pk}, now=now)
    assert rates == {ana.pk: {"news": 0.625, "risk": 0.8333}, boris.pk: {"news": 0.6667}}
