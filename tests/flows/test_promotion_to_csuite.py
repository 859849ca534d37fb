"""Seed 004's story: a community member rises, and only the senior are remembered."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from apps.accounts.models import Business, LinkedAccount, User
from apps.classification.models import Detection, SeniorityState
from apps.ingestion.models import RawEvent
from apps.notifications.models import Notification
from tests import factories
from tests.flows.conftest import Drain, Outsider

Change = Callable[..., dict[str, Any]]


def test_a_title_that_is_not_senior_is_not_remembered(
    community: Outsider, title_change: Change, drain: Drain, now: datetime
) -> None:
    community.post(title_change(value="Director of Sales"))
    drain(now)
    assert Detection.objects.count() == 0
    assert SeniorityState.objects.count() == 0


def test_a_field_nobody_registered_is_skipped(
    community: Outsider, title_change: Change, drain: Drain, now: datetime
) -> None:
    answer = community.post({**title_change(value="Lisbon"), "profileField": "City"})
    drain(now)
    assert answer.status == 202
    assert RawEvent.objects.get().reason == "unregistered_field"


def test_a_vice_president_who_becomes_chief_is_told_twice_and_kept_once(
    community: Outsider, title_change: Change, drain: Drain, now: datetime, ana: User
) -> None:
    community.post(title_change(value="Vice President of Sales", old="Director of Sales"))
    drain(now)
    community.post(title_change(value="Chief Revenue Officer", old="Vice President of Sales"))
    drain(now)
    assert [d.change for d in Detection.objects.order_by("id")] == ["first", "promotion"]
    assert SeniorityState.objects.get().level == "csuite"
    assert Notification.objects.filter(user=ana).count() == 2


def test_somebody_who_steps_down_leaves_the_table(
    community: Outsider, title_change: Change, drain: Drain, now: datetime
) -> None:
    for value, old in (("CEO", ""), ("Advisor", "CEO")):
        community.post(title_change(value=value, old=old))
        drain(now)
    assert SeniorityState.objects.count() == 0
    assert Detection.objects.count() == 1


def test_there_and_back_again_is_three_changes(
    community: Outsider, title_change: Change, drain: Drain, now: datetime
) -> None:
    titles = ["VP Sales", "Director", "VP Sales"]
    for value, old in zip(titles, ["Manager", *titles], strict=False):
        community.post(title_change(value=value, old=old))
        drain(now)
    assert [d.change for d in Detection.objects.order_by("id")] == ["first", "first"]
    assert SeniorityState.objects.get().level == "vp"


def test_the_same_title_again_is_no_news(
    community: Outsider, title_change: Change, drain: Drain, now: datetime
) -> None:
    for _ in range(2):
        community.post(title_change(value="CTO", old="Engineer"))
        drain(now)
    assert Detection.objects.count() == 1
    assert RawEvent.objects.filter(reason="unchanged_value").count() == 1


@pytest.mark.parametrize("name", ["ana", "boris"])
def test_everybody_in_the_business_is_told(
    community: Outsider,
    title_change: Change,
    drain: Drain,
    now: datetime,
    name: str,
    request: pytest.FixtureRequest,
) -> None:
    person = request.getfixturevalue(name)
    community.post(title_change(value="CEO"))
    drain(now)
    assert Notification.objects.filter(user=person).count() == 1


def test_a_linked_member_s_own_rise_is_told_to_everybody_too(
    community: Outsider,
    title_change: Change,
    drain: Drain,
    now: datetime,
    northwind: Business,
    ana: User,
    boris: User,
) -> None:
    factories.make_linked_account(
        business=northwind,
        user=ana,
        kind=LinkedAccount.Kind.COMMUNITY_USER,
        external_id="2000",
    )
    community.post(title_change(value="CEO"))
    drain(now)
    told = Notification.objects.values_list("user_id", flat=True)
    assert sorted(told) == sorted([ana.pk, boris.pk])
