"""A snooze that ends early lets go of what it held, and of nothing else."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import Business, User
from apps.core.errors import Forbidden
from apps.notifications.models import Delivery, DigestRound, Notification
from apps.notifications.services import waking
from apps.notifications.types import Outcome, Reason
from apps.rules.models import Silence
from apps.rules.services.silences import Snooze
from tests import factories

pytestmark = pytest.mark.django_db

UTC = ZoneInfo("UTC")
HOUR = timedelta(hours=1)


@pytest.fixture
def snoozed_until(northwind: Business, ana: User, now: datetime) -> datetime:
    """Ana snoozes for half a day."""
    until = now + 12 * HOUR
    factories.make_silence(business=northwind, user=ana, expires_at=until)
    return until


def put_off(
    business: Business,
    user: User,
    due_at: datetime,
    reason: Reason = Reason.SNOOZED,
    outcome: Outcome = Outcome.DEFER,
) -> Notification:
    event = factories.make_event(business=business, user=user)
    decision = factories.make_decision(
        event=event, user=user, outcome=outcome, reason=reason, due_at=due_at
    )
    return factories.make_notification(
        event=event,
        user=user,
        decision=decision,
        status=Notification.Status.QUEUED,
        awaits_digest=outcome is Outcome.DIGEST,
        due_at=due_at,
        expires_at=due_at + 24 * HOUR,
    )


def on_its_way(row: Notification, **values: Any) -> Delivery:
    return factories.make_delivery(notification=row, due_at=row.due_at, **values)


def due(delivery: Delivery) -> datetime:
    delivery.refresh_from_db()
    return delivery.due_at


@pytest.mark.usefixtures("snoozed_until")
def test_what_something_else_held_and_what_others_wait_for_stays(
    northwind: Business, ana: User, boris: User, now: datetime
) -> None:
    later = now + 3 * HOUR
    asleep = on_its_way(put_off(northwind, ana, later, Reason.QUIET_HOURS))
    of_boris = on_its_way(put_off(northwind, boris, later))
    held_anew = on_its_way(put_off(northwind, ana, later), reason="channel_quiet_hours")
    done = on_its_way(put_off(northwind, ana, later), state=Delivery.State.DELIVERED)
    waking.wake(northwind, ana, now=now)
    assert [due(one) for one in (asleep, of_boris, held_anew, done)] == [later] * 4


def test_a_snooze_that_is_ended_lets_go_of_what_it_held(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    put_off_again = on_its_way(
        put_off(northwind, ana, snoozed_until, Reason.QUIET_HOURS), reason="snoozed"
    )
    digest = factories.make_delivery(
        digest=factories.make_digest(business=northwind, user=ana, channel="console"),
        channel="console",
        due_at=snoozed_until,
        reason="snoozed",
    )
    waking.wake(northwind, ana, now=now)
    assert [due(one) for one in (held, put_off_again, digest)] == [now] * 3


@pytest.mark.parametrize(("frequency", "early"), [("instant", True), ("daily", False)])
def test_a_batch_comes_early_with_it_and_a_digest_at_its_own_time(
    northwind: Business,
    ana: User,
    now: datetime,
    snoozed_until: datetime,
    frequency: str,
    early: bool,
) -> None:
    factories.make_preference(user=ana, frequency=frequency)
    row = put_off(northwind, ana, snoozed_until, outcome=Outcome.DIGEST)
    waking.wake(northwind, ana, now=now)
    row.refresh_from_db()
    assert (row.due_at == now, DigestRound.objects.filter(slot=now).exists()) == (early, early)


def test_a_shorter_snooze_in_its_place_lets_go_at_its_own_end(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    waking.snooze(northwind, ana, Snooze.HOUR, clock=UTC, now=now)
    assert due(held) == now + HOUR


def test_lifting_a_snooze_is_ending_it(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    waking.lift(northwind, ana, Silence.objects.get().public_id, now=now)
    assert due(held) == now


def test_lifting_a_silence_of_some_things_leaves_the_snooze_alone(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    silence = factories.make_silence(
        business=northwind, user=ana, category="newsletter", expires_at=now + HOUR
    )
    waking.lift(northwind, ana, silence.public_id, now=now)
    assert due(held) == snoozed_until


def test_what_is_everybodys_is_not_lifted_and_lets_go_of_nothing(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    shared = factories.make_silence(
        business=northwind, user=None, category="newsletter", expires_at=now + HOUR
    )
    with pytest.raises(Forbidden):
        waking.lift(northwind, ana, shared.public_id, now=now)
    assert due(held) == snoozed_until
