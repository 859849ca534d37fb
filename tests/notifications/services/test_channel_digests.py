"""What is in the inbox by itself and waits for the digest of some other channel."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.models import Delivery, Digest, DigestItem, DigestRound, Notification
from apps.notifications.services.digesting import preview_digest
from apps.notifications.services.releasing import set_aside
from apps.notifications.types import MootReason, Outcome
from apps.pipeline.services.digests import drain_digests
from tests import factories
from tests.factories.values import NOON

Status = Notification.Status
Waits = Callable[..., Notification]
SLOT = NOON + timedelta(hours=21)


@pytest.fixture(autouse=True)
def with_console(settings: Settings) -> None:
    settings.EXTRA_CHANNELS = ["console"]


@pytest.fixture
def waits(northwind: Business, ana: User) -> Waits:
    """Told at noon, and the console's digest of SLOT has it as well."""

    def wait(*, event: Event | None = None, **values: Any) -> Notification:
        factories.make_round(business=northwind, user=ana, slot=SLOT)
        event = event or factories.make_event(business=northwind, user=ana)
        told = {"awaits_digest": True, "awaits_channels": ["console"], "digest_slot": SLOT}
        return factories.make_notification(event=event, user=ana, **{**told, **values})

    return wait


def drain(**later: float) -> None:
    while drain_digests(now=SLOT + timedelta(**later), limit=100).claimed:
        pass


def places() -> set[tuple[int, str, str]]:
    return set(DigestItem.objects.values_list("notification_id", "channel", "place"))


def test_it_waits_for_its_own_slot_and_not_since_it_was_told(
    waits: Waits, northwind: Business, ana: User
) -> None:
    row = waits()
    DigestRound.objects.update(slot=NOON)
    drain_digests(now=NOON, limit=10)
    row.refresh_from_db()
    assert (row.awaits_digest, Digest.objects.count()) == (True, 0)


def test_the_inbox_is_told_nothing_twice(waits: Waits, northwind: Business, ana: User) -> None:
    row = waits()
    event = factories.make_event(business=northwind, user=ana)
    whole = factories.make_waiting(event=event, user=ana, due_at=SLOT)
    drain(minutes=5)
    assert places() == {
        (row.pk, "console", "told"),
        (whole.pk, "console", "told"),
        (whole.pk, "in_app", "told"),
    }
    row.refresh_from_db()
    assert (row.status, row.delivered_at, row.awaits_digest) == (Status.DELIVERED, NOON, False)


def test_what_is_no_longer_true_is_told_nowhere_else_and_stays_in_the_inbox(
    waits: Waits, northwind: Business, ana: User
) -> None:
    over = factories.make_event(business=northwind, user=ana, kind=EventKind.CALENDAR, ends_at=NOON)
    row = waits(event=over)
    drain()
    assert not Digest.objects.exists()
    row.refresh_from_db()
    assert (row.status, row.moot_reason, row.awaits_digest) == (Status.DELIVERED, "", False)


def test_a_preview_of_the_next_digest_has_it_on_its_channel_alone(waits: Waits, ana: User) -> None:
    row = waits()
    previewed = preview_digest(ana, now=NOON)
    assert [(part.channel, part.told) for part in previewed] == [("console", [row.pk])]
    drain()
    digest = Digest.objects.get()
    assert previewed[0].words.body == digest.body
    assert previewed[0].period_key == digest.period_key


def test_a_channel_that_was_given_up_meanwhile_holds_nothing_for_ever(
    waits: Waits, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS = []
    row = waits()
    drain()
    row.refresh_from_db()
    assert (row.status, row.awaits_digest) == (Status.DELIVERED, False)
    assert not Digest.objects.exists()


def test_what_another_channel_had_before_it_lapsed_is_counted_by_the_inbox_alone(
    waits: Waits, northwind: Business, ana: User
) -> None:
    event = factories.make_event(business=northwind, user=ana)
    decision = factories.make_decision(event=event, user=ana, outcome=Outcome.DEFER)
    row = waits(event=event, decision=decision, status=Status.QUEUED)
    drain()
    delivery = factories.make_delivery(notification=row, state=Delivery.State.CLAIMED)
    set_aside([delivery], {delivery.pk: MootReason.EXPIRED}, now=SLOT)
    drain(hours=1)
    assert places() == {(row.pk, "console", "told"), (row.pk, "in_app", "moot")}
    row.refresh_from_db()
    assert (row.status, row.moot_reason) == (Status.EXPIRED, "expired")
