"""What is known of those who are told through other channels than the inbox."""

from datetime import date, time, timedelta

import pytest
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.notifications.selectors import preferences_of, tallies_of, told_through
from apps.notifications.types import ChannelRule, Needs
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 4)
NIGHT = {"quiet_hours_enabled": True, "quiet_start": time(22), "quiet_end": time(7)}


@pytest.fixture(autouse=True)
def with_console(settings: Settings) -> None:
    settings.EXTRA_CHANNELS = ["console"]


def rules_of(user: User, business: Business) -> dict[str, ChannelRule]:
    pair = (business.pk, user.pk)
    return dict(preferences_of({pair}, needs=Needs())[pair].channel_rules)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"time_zone": "Asia/Tokyo"},
        {**NIGHT, "quiet_hours_enabled": None},
        {**NIGHT, "quiet_hours_enabled": False},
        {**NIGHT, "channel": "sms"},
        {**NIGHT, "channel": "in_app"},
        {**NIGHT, "enabled": False},
    ],
    ids=str,
)
def test_where_nothing_holds_for_a_usable_channel_alone_there_is_no_rule(
    ana: User, northwind: Business, values: dict[str, object]
) -> None:
    factories.make_channel_preference(user=ana, **{"channel": "console", **values})
    assert rules_of(ana, northwind) == {}


def test_a_rule_for_one_aura_is_not_asked_yet(ana: User, northwind: Business) -> None:
    aura = factories.make_aura(business=northwind, user=ana)
    factories.make_channel_preference(user=ana, channel="console", aura=aura, max_per_day=1)
    assert rules_of(ana, northwind) == {}


def test_a_channels_walls_are_in_its_own_zone_or_else_in_the_persons(
    ana: User, boris: User, northwind: Business
) -> None:
    for user in (ana, boris):
        factories.make_preference(user=user, time_zone="Europe/Berlin")
    factories.make_channel_preference(
        user=ana, channel="console", time_zone="Asia/Tokyo", max_per_day=0, **NIGHT
    )
    factories.make_channel_preference(user=boris, channel="console", **NIGHT)
    walls = {"quiet_start": time(22), "quiet_end": time(7)}
    tokyo = ChannelRule(**walls, time_zone="Asia/Tokyo", max_per_day=0)
    assert rules_of(ana, northwind) == {"console": tokyo}
    assert rules_of(boris, northwind) == {
        "console": ChannelRule(**walls, time_zone="Europe/Berlin")
    }


def test_a_limit_without_quiet_hours_has_no_walls(ana: User, northwind: Business) -> None:
    factories.make_channel_preference(
        user=ana, channel="console", max_per_day=3, **{**NIGHT, "quiet_hours_enabled": False}
    )
    assert rules_of(ana, northwind) == {"console": ChannelRule(max_per_day=3)}


def test_channels_are_counted_apart_from_what_interrupts(ana: User, boris: User) -> None:
    factories.make_tally(user=ana, count=7)
    factories.make_tally(user=ana, channel="console", count=2)
    factories.make_tally(user=ana, channel="console", count=1, last_at=NOON + timedelta(days=1))
    factories.make_tally(user=ana, channel="console", count=9, last_at=NOON - timedelta(days=2))
    factories.make_tally(user=boris, channel="console", count=4)
    assert told_through({ana.pk}, since=DAY) == {
        ana.pk: {("console", DAY): 2, ("console", DAY + timedelta(days=1)): 1}
    }
    assert dict(tallies_of({ana.pk: DAY})[ana.pk].counts) == {DAY: 7}
