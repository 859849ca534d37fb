"""A snooze or quiet hours that end early let go of what they held, and of nothing else."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.accounts.models import Business, User
from apps.core.errors import Forbidden
from apps.notifications.models import Delivery, DigestRound, Notification, Tally
from apps.notifications.services import preferences, waking
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


@pytest.fixture
def asleep_until(ana: User, now: datetime) -> datetime:
    """Ana's quiet hours: three more hours."""
    until = (now + 3 * HOUR).replace(second=0, microsecond=0)
    factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=(now - HOUR).time().replace(second=0, microsecond=0),
        quiet_end=until.time(),
    )
    return until


@pytest.mark.usefixtures("snoozed_until")
def test_what_something_else_holds_and_what_others_wait_for_stays(
    northwind: Business, ana: User, boris: User, now: datetime, asleep_until: datetime
) -> None:
    later = asleep_until
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


@pytest.mark.usefixtures("snoozed_until")
def test_what_a_snooze_held_that_ends_in_quiet_hours_waits_for_their_end(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime, asleep_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, snoozed_until))
    waking.wake(northwind, ana, now=now)
    assert (due(held), held.reason) == (asleep_until, "quiet_hours")


def test_quiet_hours_that_end_earlier_now_let_go_of_what_they_held(
    northwind: Business, ana: User, now: datetime, asleep_until: datetime
) -> None:
    row = put_off(northwind, ana, asleep_until, Reason.QUIET_HOURS)
    held = on_its_way(row)
    sooner = (now + HOUR).replace(second=0, microsecond=0)
    preferences.update(ana, {"quiet_end": sooner.time()})
    row.refresh_from_db()
    assert (due(held), row.due_at) == (sooner, sooner)
    preferences.update(ana, {"quiet_hours_enabled": False})
    assert now <= due(held) < sooner


def test_quiet_hours_that_end_later_now_are_left_to_the_preflight(
    northwind: Business, ana: User, now: datetime, asleep_until: datetime
) -> None:
    held = on_its_way(put_off(northwind, ana, asleep_until, Reason.QUIET_HOURS))
    preferences.update(ana, {"quiet_end": (asleep_until + HOUR).time()})
    assert due(held) == asleep_until


def test_what_waits_to_be_seen_elsewhere_waits_on(
    northwind: Business, ana: User, now: datetime
) -> None:
    row = put_off(northwind, ana, now + 2 * HOUR, Reason.QUIET_HOURS)
    ringing = factories.make_delivery(
        notification=row, channel="console", due_at=row.due_at + HOUR / 30
    )
    waking.let_go(northwind, ana, now=now)
    assert due(ringing) == row.due_at + HOUR / 30


def test_what_is_let_go_counts_on_the_day_it_is_told(
    northwind: Business, ana: User, now: datetime, snoozed_until: datetime
) -> None:
    tomorrow = now + 24 * HOUR
    for at, count in ((now, 2), (tomorrow, 1)):
        factories.make_tally(user=ana, local_date=at.date(), count=count)
    Silence.objects.update(expires_at=tomorrow)
    on_its_way(put_off(northwind, ana, tomorrow))
    on_its_way(put_off(northwind, ana, tomorrow, outcome=Outcome.NOTIFY_NOW))
    waking.wake(northwind, ana, now=now)
    counts = dict(Tally.objects.values_list("local_date", "count"))
    assert counts == {now.date(): 3, tomorrow.date(): 0}
