"""What waits is gathered once for each channel, and nothing of it is lost, doubled or empty."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from pytest_django import Settings

from apps.accounts.models import Business, User
from apps.classification.types import Category
from apps.core.claims import claim
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind
from apps.notifications.models import (
    Delivery,
    DeliveryAttempt,
    Digest,
    DigestItem,
    DigestRound,
    Notification,
)
from apps.notifications.services.digesting import ROUNDS, Round, build_digests, preview_digest
from apps.pipeline.models import Task
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.digests import drain_digests
from tests import factories
from tests.factories.values import NOON

Status, Place, State = Notification.Status, DigestItem.Place, DigestRound.State
Held = Callable[..., Notification]


@pytest.fixture
def held(northwind: Business, ana: User) -> Held:
    """Something of Ana's that waits for noon."""

    def hold(
        *, user: User | None = None, event: Event | None = None, **values: Any
    ) -> Notification:
        user = user or ana
        event = event or factories.make_event(business=northwind, user=user)
        return factories.make_waiting(event=event, user=user, **values)

    return hold


def a_meeting(business: Business, user: User, **values: Any) -> Event:
    values.setdefault("thread_key", "meeting-1")
    values.setdefault("external_id", "meeting-1")
    return factories.make_event(business=business, user=user, kind=EventKind.CALENDAR, **values)


def drain(**later: float) -> None:
    while drain_digests(now=NOON + timedelta(**later), limit=100).claimed:
        pass


def status_of(row: Notification) -> tuple[str, str]:
    row.refresh_from_db()
    return row.status, row.moot_reason


def places(channel: str) -> dict[int, str]:
    return dict(DigestItem.objects.filter(channel=channel).values_list("notification_id", "place"))


def test_nothing_to_tell_makes_no_digest(northwind: Business, ana: User) -> None:
    row = factories.make_round(business=northwind, user=ana)
    drain()
    row.refresh_from_db()
    assert row.state == State.DONE
    assert not Digest.objects.exists()


def test_what_is_due_later_waits_on(held: Held) -> None:
    later = held(due_at=NOON + timedelta(days=1))
    held()
    DigestRound.objects.filter(slot=later.due_at).delete()
    drain()
    later.refresh_from_db()
    assert later.awaits_digest
    assert len(places("in_app")) == 1


def test_a_clock_that_is_a_moment_behind_the_databases_misses_nothing(held: Held) -> None:
    row = held()
    drain(milliseconds=-5)
    assert status_of(row) == (Status.DELIVERED, "")


def test_somebody_elses_things_are_in_somebody_elses_digest(
    held: Held, ana: User, boris: User
) -> None:
    own, other = held(title="For Ana"), held(user=boris, title="For Boris")
    drain()
    found = {item.notification_id: item.digest.user for item in DigestItem.objects.all()}
    assert found == {own.pk: ana, other.pk: boris}


def test_each_thing_enters_the_inbox_by_itself_and_has_come_in_one_digest(held: Held) -> None:
    rows = [held(), held()]
    drain(minutes=1)
    for row in rows:
        assert status_of(row) == (Status.DELIVERED, "")
        assert row.delivered_at == NOON + timedelta(minutes=1)
    digest = Digest.objects.get()
    assert (digest.channel, digest.counts["items"]) == ("in_app", 2)
    delivery = digest.deliveries.get()
    assert (delivery.state, delivery.attempt_count) == (Delivery.State.DELIVERED, 1)
    assert delivery.attempts.get().outcome == DeliveryAttempt.Outcome.DELIVERED


def test_another_channel_gets_chunks_of_ten_and_the_count_of_the_rest(
    held: Held, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS, settings.DIGEST_MAX_ITEMS = ["console"], 15
    rows = [held(priority=priority) for priority in [*[5] * 10, *[3] * 10]]
    drain()
    first, second = Digest.objects.filter(channel="console").order_by("chunk")
    assert [first.counts["items"], second.counts["items"]] == [10, 5]
    assert (first.left_out, second.left_out) == (0, 5)
    assert "And 5 more" in second.body
    assert places("console").keys() == places("in_app").keys() == {row.pk for row in rows}
    assert list(places("console").values()).count(Place.LEFT_OUT) == 5
    assert set(places("in_app").values()) == {Place.TOLD}


def test_one_message_is_sent_for_many_things(
    held: Held, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    held()
    held()
    assert drain_digests(now=NOON, limit=10).hints == {"deliver"}
    Delivery.objects.update(due_at=NOON)
    drain_deliveries(now=NOON, limit=10)
    assert capsys.readouterr().out.count("category=digest") == 1
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.DELIVERED}


def test_the_snapshot_is_what_was_sent_and_nobody_else_can_read_it(held: Held) -> None:
    held(title="Term sheet of Acme")
    drain()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT title, body FROM {Digest._meta.db_table}")
        stored = b"".join(bytes(value) for value in cursor.fetchone())
    assert b"Term sheet" not in stored
    assert "Term sheet of Acme" in Digest.objects.get().body


def test_a_thing_that_came_too_late_for_its_digest_is_in_the_next_chunk(held: Held) -> None:
    held()
    drain()
    late = held()
    drain()
    assert [digest.chunk for digest in Digest.objects.order_by("id")] == [0, 1]
    assert Digest.objects.values("period_key").distinct().count() == 1
    assert status_of(late) == (Status.DELIVERED, "")


def test_a_slot_missed_for_weeks_loses_nothing(held: Held, ana: User) -> None:
    factories.make_preference(user=ana, frequency="weekly")
    rows = [held(due_at=NOON - timedelta(weeks=weeks)) for weeks in range(5)]
    drain()
    assert [status_of(row) for row in rows] == [(Status.DELIVERED, "")] * 5
    assert Digest.objects.get().period_key == "weekly:2026-W10"


def test_a_late_digest_rings_nobody_at_night(held: Held, ana: User, settings: Settings) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    factories.make_preference(
        user=ana, quiet_hours_enabled=True, quiet_start="11:00", quiet_end="14:00"
    )
    held()
    drain()
    assert Delivery.objects.get(channel="console").due_at == NOON + timedelta(hours=2)


def test_somebody_who_has_switched_off_since_finds_it_in_the_inbox_alone(
    held: Held, ana: User, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    row = held()
    factories.make_preference(user=ana, enabled=False)
    drain()
    assert status_of(row) == (Status.DELIVERED, "")
    assert Digest.objects.get().channel == "in_app"


@pytest.mark.parametrize(
    ("category", "reason"),
    [(Category.SECURITY_CODE, "code_lapsed"), (Category.MESSAGE, "expired")],
)
def test_what_has_passed_its_deadline_is_counted_and_not_told(
    held: Held, northwind: Business, ana: User, category: Category, reason: str
) -> None:
    event = factories.make_event(business=northwind, user=ana)
    factories.make_classification(event=event, category=category, expires_at=NOON)
    moot, other = held(event=event, category=category, title="482 913"), held(title="Offer")
    drain()
    assert status_of(moot) == (Status.EXPIRED, reason)
    assert status_of(other) == (Status.DELIVERED, "")
    digest = Digest.objects.get()
    assert "482" not in digest.title + digest.body
    assert "While you were away: 1 thing that no longer matters" in digest.body
    assert digest.counts == {"items": 1, "left_out": 0, "moot": {reason: 1}}


def test_how_long_anything_is_kept_is_no_deadline(
    held: Held, northwind: Business, ana: User
) -> None:
    row = held(expires_at=NOON - timedelta(days=1))
    drain()
    assert status_of(row) == (Status.DELIVERED, "")


def test_a_meeting_that_is_over_is_moot(held: Held, northwind: Business, ana: User) -> None:
    over = held(event=a_meeting(northwind, ana, ends_at=NOON))
    ahead = held(
        event=a_meeting(
            northwind, ana, ends_at=NOON + timedelta(hours=1), thread_key="b", external_id="b"
        )
    )
    drain()
    assert status_of(over) == (Status.EXPIRED, "meeting_over")
    assert status_of(ahead) == (Status.DELIVERED, "")


def test_the_second_word_on_one_meeting_replaces_the_first(
    held: Held, northwind: Business, ana: User
) -> None:
    first, second = (held(event=a_meeting(northwind, ana)) for _ in range(2))
    drain()
    assert status_of(first) == (Status.EXPIRED, "superseded")
    assert status_of(second) == (Status.DELIVERED, "")


def test_another_day_of_a_series_replaces_nothing(
    held: Held, northwind: Business, ana: User
) -> None:
    first = held(event=a_meeting(northwind, ana, external_id="monday"))
    held(event=a_meeting(northwind, ana, external_id="tuesday"))
    drain()
    assert status_of(first) == (Status.DELIVERED, "")


def test_a_later_word_that_was_never_told_replaces_nothing(
    held: Held, northwind: Business, ana: User
) -> None:
    first = held(event=a_meeting(northwind, ana))
    a_meeting(northwind, ana)
    drain()
    assert status_of(first) == (Status.DELIVERED, "")


def test_an_answer_in_a_thread_of_mail_replaces_nothing(
    held: Held, northwind: Business, ana: User
) -> None:
    rows = [
        held(event=factories.make_event(business=northwind, user=ana, thread_key="t"))
        for _ in range(2)
    ]
    drain()
    assert [status_of(row) for row in rows] == [(Status.DELIVERED, "")] * 2


def test_moot_things_alone_are_one_line_in_the_inbox_and_ring_nowhere(
    held: Held, northwind: Business, ana: User, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    held(event=a_meeting(northwind, ana, ends_at=NOON))
    drain()
    digest = Digest.objects.get()
    assert digest.channel == "in_app"
    assert digest.body == (
        "While you were away: 1 thing that no longer matters (a meeting is over)."
    )
    assert not Delivery.objects.filter(channel="console").exists()


def test_a_preview_says_what_would_come_and_changes_nothing(
    held: Held, ana: User, settings: Settings
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    row = held(title="Offer")
    held(due_at=NOON + timedelta(days=1))
    previewed = preview_digest(ana, now=NOON - timedelta(hours=1))
    assert [(part.channel, part.told) for part in previewed] == [
        ("in_app", [row.pk]),
        ("console", [row.pk]),
    ]
    assert not Digest.objects.exists()
    row.refresh_from_db()
    assert row.awaits_digest
    DigestRound.objects.exclude(slot=NOON).delete()
    drain()
    sent = Digest.objects.order_by("id").values_list("channel", "period_key")
    assert [(part.channel, part.period_key) for part in previewed] == list(sent)
    assert [part.words.body for part in previewed] == [
        d.body for d in Digest.objects.order_by("id")
    ]


def test_nothing_waiting_previews_as_nothing(ana: User) -> None:
    assert preview_digest(ana, now=NOON) == []


def test_a_builder_that_was_away_too_long_writes_nothing(held: Held) -> None:
    row = held()
    claimed = claim(ROUNDS, limit=10, lease_seconds=60)
    rounds = [Round(**dict(zip(ROUNDS.columns, row, strict=True))) for row in claimed.rows]
    DigestRound.objects.update(token=None, state=State.PENDING)
    assert build_digests(rounds, token=claimed.token, now=NOON) is False
    assert not Digest.objects.exists()
    assert status_of(row) == (Status.QUEUED, "")


def test_the_database_refuses_the_same_thing_twice_on_one_channel(held: Held) -> None:
    row = held()
    drain()
    digest = Digest.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_digest_item(digest=digest, notification=row)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_digest(
            business=digest.business, user=digest.user, period_key=digest.period_key
        )


def test_the_database_refuses_a_delivery_of_nothing_or_of_two_things(held: Held) -> None:
    row = held()
    drain()
    delivery = Digest.objects.get().deliveries.get()
    for change in ({"digest": None}, {"notification": row}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**change)


def test_a_round_that_kills_its_builders_becomes_a_dead_letter_and_its_things_wait_on(
    held: Held,
) -> None:
    row = held()
    DigestRound.objects.update(claim_count=6)
    drain()
    dead = DigestRound.objects.get()
    assert dead.state == State.DEAD
    assert Task.objects.get().subject == f"digest:{dead.pk}"
    held()
    drain()
    assert status_of(row) == (Status.DELIVERED, "")


@pytest.mark.parametrize("count", [1, 12])
def test_more_things_need_no_more_queries(
    held: Held, count: int, settings: Settings, django_assert_max_num_queries: Any
) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    for _ in range(count):
        held()
    with django_assert_max_num_queries(32):
        drain_digests(now=NOON, limit=100)
