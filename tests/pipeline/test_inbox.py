"""The drain as a whole: all of an event appears at once, few queries, no row left hanging."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.classification.models import Classification
from apps.ingestion.models import Event, RawEvent, Source
from apps.notifications.models import Decision, Delivery, DeliveryAttempt, Notification
from apps.pipeline.models import Heartbeat, Task
from apps.pipeline.services import inbox, processing
from apps.pipeline.services.draining import Watch, drain_queue
from apps.pipeline.services.inbox import drain_inbox
from tests.pipeline.builders import drain, mail, news, raw_of, receive

QUERIES_AT_MOST = 40
EFFECTS = (Event, Classification, Decision, Notification, Delivery, DeliveryAttempt, AuditEvent)


@pytest.fixture
def _roomy(settings: Settings) -> None:
    settings.RATE_LIMIT_USER_PER_MINUTE = 1_000


def make_due_again() -> None:
    """As if every lease had run out."""
    RawEvent.objects.update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_nothing_due_costs_one_query() -> None:
    with CaptureQueriesContext(connection) as queries:
        assert drain_inbox(now=timezone.now(), limit=200).claimed == 0
    assert len(queries) == 1


@pytest.mark.usefixtures("_roomy")
def test_a_batch_costs_the_same_few_queries_whatever_its_size(mailbox: Source) -> None:
    counts = []
    for size in (1, 50, 200):
        receive(mailbox, *(mail() for _ in range(size)))
        with CaptureQueriesContext(connection) as queries:
            assert drain_inbox(now=timezone.now(), limit=200).claimed == size
        counts.append(len(queries))
    assert counts[1] <= QUERIES_AT_MOST
    assert counts[2] == counts[1]


class Watching(Watch):
    """Writes down what a drain says between its rounds."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.queues: set[str] = set()

    def alone(self) -> None:
        self.calls.append("alone")

    def open(self) -> None:
        self.calls.append("open")

    def found(self, queues: frozenset[str]) -> None:
        self.queues |= queues


def test_every_row_of_an_event_carries_the_id_its_sender_was_given(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail())
    drain()
    for model in (Event, Classification, Decision, Notification, Delivery, AuditEvent):
        assert [row.correlation_id for row in model.objects.all()] == [event_id]
    assert Event.objects.get().public_id == event_id


def test_the_trail_says_what_became_of_it_and_holds_no_contents(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail(subject="Confidential figures"))
    drain()
    trail = AuditEvent.objects.get()
    assert (trail.type, trail.subject) == (
        AuditType.EVENT_PROCESSED,
        f"raw_event:{raw_of(event_id).pk}",
    )
    assert trail.metadata == {"state": "done", "reason": ""}


class PowerCut(Exception):
    pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("label", ["P4", "P5"])
def test_nothing_of_an_event_is_visible_before_all_of_it_is(
    mailbox: Source, monkeypatch: pytest.MonkeyPatch, label: str
) -> None:
    [event_id] = receive(mailbox, mail())

    def cut(reached: str) -> None:
        if reached == label:
            raise PowerCut

    for module in (inbox, processing):
        monkeypatch.setattr(module, "faultpoint", cut)
    with pytest.raises(PowerCut):
        drain()
    assert [model.objects.count() for model in EFFECTS] == [0] * len(EFFECTS)
    assert raw_of(event_id).state == RawEvent.State.PROCESSING
    monkeypatch.undo()
    make_due_again()
    drain()
    assert [model.objects.count() for model in EFFECTS] == [1] * len(EFFECTS)


@pytest.mark.parametrize("claim_count", [0, 6])
def test_a_row_in_other_hands_is_left_to_them(
    mailbox: Source, monkeypatch: pytest.MonkeyPatch, claim_count: int
) -> None:
    """Also one that looks like poison from here."""
    [event_id] = receive(mailbox, mail())
    RawEvent.objects.update(claim_count=claim_count)
    stolen = RawEvent.objects.filter(correlation_id=event_id)

    def steal(reached: str) -> None:
        if reached == "P3":
            stolen.update(token="00000000-0000-0000-0000-000000000001")

    monkeypatch.setattr(inbox, "faultpoint", steal)
    drain_inbox(now=timezone.now(), limit=200)
    assert stolen.get().state == RawEvent.State.PROCESSING
    assert [model.objects.count() for model in EFFECTS] == [0] * len(EFFECTS)
    assert not Task.objects.exists()


def test_a_body_that_cannot_be_decrypted_is_tried_again_and_its_neighbours_finish(
    mailbox: Source,
) -> None:
    damaged, healthy = receive(mailbox, mail(), mail())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingestion_rawevent SET body = '\\x00' WHERE correlation_id = %s", [damaged]
        )
    drain()
    assert RawEvent.objects.get(correlation_id=healthy).state == RawEvent.State.DONE
    row = RawEvent.objects.defer("body").get(correlation_id=damaged)
    assert (row.state, row.reason) == (RawEvent.State.RETRY, "normalizing_failed")
    assert row.due_at > timezone.now()


def test_a_body_that_never_can_be_read_ends_as_a_dead_letter(
    mailbox: Source, settings: Settings
) -> None:
    settings.MAX_CLAIMS = 3
    [damaged] = receive(mailbox, mail())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ingestion_rawevent SET body = '\\x00'")
    for _ in range(3):
        make_due_again()
        drain_inbox(now=timezone.now(), limit=200)
    row = RawEvent.objects.defer("body").get(correlation_id=damaged)
    assert (row.state, row.claim_count) == (RawEvent.State.DEAD, 3)
    letter = Task.objects.get()
    assert (letter.subject, letter.status) == (f"inbox:{row.pk}", Task.Status.DEAD_LETTER)


def test_a_shape_nobody_understands_is_quarantined_not_retried(newsroom: Source) -> None:
    [event_id] = receive(newsroom, news())
    Source.objects.filter(pk=newsroom.pk).update(kind="composio")
    drain()
    row = raw_of(event_id)
    assert (row.state, row.reason) == (RawEvent.State.QUARANTINED, "schema_invalid")
    assert not Task.objects.exists()


def test_a_row_claimed_too_often_is_buried_without_being_read(mailbox: Source) -> None:
    [poison] = receive(mailbox, mail())
    RawEvent.objects.update(claim_count=6)
    drain()
    row = raw_of(poison)
    assert (row.state, row.reason) == (RawEvent.State.DEAD, "poison")
    assert Task.objects.get().error["code"] == "poison"
    assert not Event.objects.exists()


def test_a_suspect_row_is_claimed_alone_and_the_others_in_one_batch(mailbox: Source) -> None:
    ids = receive(mailbox, *(mail() for _ in range(5)))
    RawEvent.objects.filter(correlation_id__in=ids[:2]).update(claim_count=2)
    rounds = [drain_inbox(now=timezone.now(), limit=200).claimed for _ in range(4)]
    assert rounds == [1, 1, 3, 0]


def test_a_drain_leaves_a_sign_of_life(mailbox: Source) -> None:
    receive(mailbox, mail())
    drain_queue("inbox", seconds=5)
    assert Heartbeat.objects.get(queue="inbox").drained_at <= timezone.now()


def test_a_drain_hints_when_something_is_left_to_send(mailbox: Source, settings: Settings) -> None:
    settings.EXTRA_CHANNELS = ["console"]
    receive(mailbox, mail())
    watch = Watching()
    drain_queue("inbox", seconds=5, watch=watch)
    assert watch.queues == {"deliver"}


def test_a_drain_that_keeps_up_calls_nobody_until_its_last_look(mailbox: Source) -> None:
    receive(mailbox, mail())
    watch = Watching()
    drain_queue("inbox", seconds=5, watch=watch)
    assert watch.calls == ["alone", "open"]


def test_a_full_round_lets_a_second_worker_join(mailbox: Source, settings: Settings) -> None:
    settings.DRAIN_BATCH_ROWS = 2
    for _ in range(3):
        receive(mailbox, mail())
    watch = Watching()
    drain_queue("inbox", seconds=5, watch=watch)
    assert watch.calls == ["open", "alone", "open"]
