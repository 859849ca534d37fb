"""Each channel's own limit, quiet hours and patience, from a signed body to what is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import LinkedAccount, User
from apps.ingestion.models import Source
from apps.notifications.models import (
    Decision,
    Delivery,
    Digest,
    DigestItem,
    DigestRound,
    Notification,
    Presence,
    Tally,
)
from apps.notifications.services import reading
from apps.pipeline.services.inbox import drain_inbox
from tests import factories
from tests.pipeline.builders import (
    deliver,
    drain,
    gather,
    mail,
    news,
    news_source,
    receive,
    told_of,
)

State = Delivery.State
WORKERS = 16


@pytest.fixture(autouse=True)
def with_console(settings: Settings) -> None:
    settings.EXTRA_CHANNELS, settings.MIN_NOTIFICATION_INTERVAL_SECONDS = ["console"], 0


@pytest.fixture
def noon() -> datetime:
    """Two days ago, so that what is due on the day after it is due by the database's clock too."""
    return (timezone.now() - timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)


def quiet_at(user: User, now: datetime, **values: object) -> None:
    """The console's own quiet hours began an hour ago and end in an hour."""
    factories.make_channel_preference(
        user=user,
        channel="console",
        quiet_hours_enabled=True,
        quiet_start=(now - timedelta(hours=1)).time(),
        quiet_end=(now + timedelta(hours=1)).time(),
        **values,
    )


def console() -> list[Delivery]:
    """Those of single notifications."""
    return list(Delivery.objects.filter(channel="console", digest=None).order_by("id"))


def console_tally() -> int:
    return sum(Tally.objects.filter(channel="console").values_list("count", flat=True))


def codes(decision: Decision) -> list[str]:
    return [step["code"] for step in decision.trace]


def test_a_channels_quiet_hours_hold_that_channel_alone(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    quiet_at(linked_ana, noon)
    [event_id] = receive(mailbox, mail())
    drain(noon)
    [told] = told_of(event_id)
    assert (told.status, told.delivered_at) == (Notification.Status.DELIVERED, noon)
    [delivery] = console()
    assert (delivery.state, delivery.due_at) == (State.PENDING, noon + timedelta(hours=1))
    decision = Decision.objects.get()
    assert (decision.outcome, codes(decision)[-1]) == ("notify_now", "channel_quiet_hours")


def test_what_is_dropped_by_a_channels_quiet_hours_is_in_the_inbox(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    factories.make_preference(user=linked_ana, quiet_policy="drop")
    quiet_at(linked_ana, noon)
    [event_id] = receive(mailbox, mail())
    drain(noon)
    [told] = told_of(event_id)
    assert (told.status, told.awaits_digest) == (Notification.Status.DELIVERED, False)
    assert console() == []
    assert not DigestRound.objects.exists()


def test_what_is_over_a_channels_limit_is_told_by_its_next_digest_once(
    mailbox: Source, linked_ana: User, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", max_per_day=1)
    receive(mailbox, mail(), mail(), mail())
    drain(noon)
    assert Notification.objects.filter(status="delivered", delivered_at=noon).count() == 3
    assert (len(console()), console_tally()) == (1, 1)
    waiting = Notification.objects.filter(awaits_digest=True)
    slot = (noon + timedelta(days=1)).replace(hour=9)
    assert list(waiting.values_list("awaits_channels", "digest_slot")) == [(["console"], slot)] * 2
    DigestRound.objects.update(due_at=noon)
    gather(slot)
    digest = Digest.objects.get()
    assert (digest.channel, digest.counts["items"]) == ("console", 2)
    assert not waiting.exists()
    assert Notification.objects.filter(status="delivered", delivered_at=noon).count() == 3
    deliver(slot)
    assert capsys.readouterr().out.count("category=digest") == 1
    factories.make_round(business=digest.business, user=linked_ana, slot=slot)
    gather(slot)
    assert Digest.objects.count() == 1


def test_what_was_read_while_it_waited_is_in_no_digest(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", max_per_day=0)
    first, second = receive(mailbox, mail(), mail())
    drain(noon)
    [read], [unread] = told_of(first), told_of(second)
    reading.mark_read(linked_ana, read.public_id, now=noon)
    DigestRound.objects.update(due_at=noon)
    gather(noon + timedelta(days=1))
    assert list(DigestItem.objects.values_list("notification_id", flat=True)) == [unread.pk]
    read.refresh_from_db()
    assert (read.status, read.awaits_digest) == (Notification.Status.READ, False)


def test_nothing_unread_is_no_digest_at_all(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", max_per_day=0)
    receive(mailbox, mail())
    drain(noon)
    reading.mark_all_read(linked_ana, now=noon)
    DigestRound.objects.update(due_at=noon)
    gather(noon + timedelta(days=1))
    assert not Digest.objects.exists()
    assert not Notification.objects.filter(awaits_digest=True).exists()


def test_a_digest_rings_at_the_end_of_its_channels_quiet_hours(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    quiet_at(linked_ana, noon, max_per_day=0)
    factories.make_preference(user=linked_ana, digest_time="12:00")
    receive(mailbox, mail())
    drain(noon + timedelta(hours=3))
    DigestRound.objects.update(due_at=noon)
    tomorrow = noon + timedelta(days=1)
    gather(tomorrow)
    assert Delivery.objects.get(digest__isnull=False).due_at == tomorrow + timedelta(hours=1)


def test_who_is_at_the_inbox_is_not_rung_for_what_they_read_there(
    mailbox: Source, linked_ana: User, noon: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.make_presence(user=linked_ana, seen_at=noon - timedelta(seconds=20))
    [event_id] = receive(mailbox, mail())
    drain(noon)
    [delivery] = console()
    assert delivery.due_at == noon + timedelta(seconds=120)
    assert codes(Decision.objects.get())[-1] == "seen_elsewhere"
    [told] = told_of(event_id)
    reading.mark_read(linked_ana, told.public_id, now=noon + timedelta(seconds=60))
    assert console_tally() == 1
    Delivery.objects.update(due_at=noon)
    deliver(noon + timedelta(seconds=120))
    [delivery] = console()
    assert (delivery.state, delivery.reason) == (State.SUPPRESSED, "seen")
    assert (delivery.attempt_count, delivery.attempts.count()) == (0, 0)
    assert capsys.readouterr().out == ""
    assert console_tally() == 0


def test_what_stays_unread_rings_after_the_grace(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    factories.make_presence(user=linked_ana, seen_at=noon)
    receive(mailbox, mail())
    drain(noon)
    Delivery.objects.update(due_at=noon)
    deliver(noon + timedelta(seconds=120))
    assert [delivery.state for delivery in console()] == [State.DELIVERED]


def test_what_is_read_before_its_turn_comes_is_not_sent_whoever_was_away(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    receive(mailbox, mail(), mail())
    drain(noon)
    assert reading.mark_all_read(linked_ana, now=noon) == 2
    Delivery.objects.update(due_at=noon)
    deliver(noon)
    assert {delivery.state for delivery in console()} == {State.SUPPRESSED}


def test_a_digest_of_which_all_was_read_is_not_sent(
    mailbox: Source, linked_ana: User, noon: datetime
) -> None:
    factories.make_channel_preference(user=linked_ana, channel="console", max_per_day=0)
    receive(mailbox, mail(), mail())
    drain(noon)
    DigestRound.objects.update(due_at=noon)
    tomorrow = noon + timedelta(days=1)
    gather(tomorrow)
    reading.mark_all_read(linked_ana, now=tomorrow)
    deliver(tomorrow)
    delivery = Delivery.objects.get(digest__isnull=False)
    assert (delivery.state, delivery.reason) == (State.SUPPRESSED, "seen")


@pytest.mark.parametrize(
    ("extra", "rules", "asked"),
    [([], {}, 0), (["console"], {}, 1), (["console"], {"max_per_day": 5}, 2)],
    ids=str,
)
def test_who_uses_none_of_it_is_asked_nothing(
    mailbox: Source,
    linked_ana: User,
    settings: Settings,
    extra: list[str],
    rules: dict[str, int],
    asked: int,
) -> None:
    settings.EXTRA_CHANNELS = extra
    factories.make_channel_preference(user=linked_ana, channel="console", **rules)
    receive(mailbox, mail())
    with CaptureQueriesContext(connection) as queries:
        drain()
    reads = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    presence = [sql for sql in reads if Presence._meta.db_table in sql]
    tallies = [sql for sql in reads if Tally._meta.db_table in sql and "DISTINCT" not in sql]
    assert len(presence) + len(tallies) == asked


@pytest.fixture
def newsroom_for_threads(transactional_db: None) -> Source:
    business = factories.make_business(tier="business")
    ana = factories.make_user(name="Ana", business=business)
    kind = LinkedAccount.Kind.EXTERNAL_USER
    factories.make_linked_account(business=business, user=ana, kind=kind, external_id="ana")
    factories.make_channel_preference(user=ana, channel="console", max_per_day=10)
    return news_source(business)


def drain_alone(now: datetime, barrier: Barrier) -> None:
    """One worker's rounds, three bodies at a time, on a connection of its own."""
    try:
        barrier.wait()
        while drain_inbox(now=now, limit=3).claimed:
            pass
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_sixteen_workers_at_once_keep_a_channels_limit_exactly(
    newsroom_for_threads: Source, noon: datetime
) -> None:
    receive(newsroom_for_threads, *(news() for _ in range(64)))
    barrier = Barrier(WORKERS)
    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(lambda _: drain_alone(noon, barrier), range(WORKERS)))
    assert Decision.objects.filter(outcome="notify_now").count() == 64
    assert len(console()) == console_tally() == 10
    waiting = Notification.objects.filter(awaits_digest=True, awaits_channels=["console"])
    assert waiting.count() == 54
