"""A channel's least priority, from a signed body to the deliveries."""

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Delivery
from tests import factories
from tests.pipeline.builders import drain, mail, receive


@pytest.fixture(autouse=True)
def with_console(settings: Settings) -> None:
    settings.EXTRA_CHANNELS = ["console"]


def channels_told(source: Source) -> set[str]:
    receive(source, mail())
    drain()
    assert Decision.objects.get().outcome == "notify_now"
    return set(Delivery.objects.values_list("channel", flat=True))


def test_what_is_below_it_is_told_through_the_inbox_only(mailbox: Source, linked_ana: User) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", priority_threshold=10)
    assert channels_told(mailbox) == {"in_app"}


def test_what_reaches_it_takes_the_channel_too(mailbox: Source, linked_ana: User) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", priority_threshold=2)
    assert channels_told(mailbox) == {"in_app", "console"}


def test_the_inbox_takes_everything_and_no_row_says_otherwise(linked_ana: User) -> None:
    with pytest.raises(IntegrityError):
        factories.make_channel_preference(user=linked_ana, channel="in_app", priority_threshold=2)


def test_what_holds_for_a_single_aura_is_not_asked_yet(
    mailbox: Source, northwind: Business, linked_ana: User
) -> None:
    aura = factories.make_aura(business=northwind, user=linked_ana)
    factories.make_channel_preference(
        user=linked_ana, aura=aura, channel="console", priority_threshold=10
    )
    assert channels_told(mailbox) == {"in_app", "console"}
