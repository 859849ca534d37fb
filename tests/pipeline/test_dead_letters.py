"""Work that could not be finished: kept, retried by a person, once per click."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from apps.audit.types import AuditType
from apps.core.errors import Conflict
from apps.ingestion.models import RawEvent, Source
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import DeliveryError, Message, Receipt, Target
from apps.notifications.channels.remote import RemoteChannel
from apps.notifications.models import Delivery, DeliveryAttempt, Notification
from apps.notifications.services import delivering
from apps.pipeline.models import Task
from apps.pipeline.services import dead_letters
from apps.pipeline.services.deliveries import drain_deliveries
from tests.pipeline.builders import drain, mail, receive, told_of

REFUSED = DeliveryError("No such number: ana@northwind.example", permanent=True)
BUSY = DeliveryError("Busy", permanent=False, retry_after=30)


class Faulty(RemoteChannel):
    """A channel whose provider says no."""

    addressed = False

    def __init__(self, error: DeliveryError) -> None:
        self.error = error

    async def send(self, message: Message, target: Target, provider: str) -> Receipt:
        raise self.error


@pytest.fixture
def letter(mailbox: Source) -> Task:
    receive(mailbox, mail())
    RawEvent.objects.update(claim_count=6)
    drain()
    return Task.objects.get()


@pytest.fixture
def undelivered(mailbox: Source, settings: Settings) -> Delivery:
    """Told in the inbox already, and due on another channel."""
    settings.EXTRA_CHANNELS = ["console"]
    receive(mailbox, mail())
    drain()
    return Delivery.objects.get(channel="console")


def break_console(monkeypatch: pytest.MonkeyPatch, error: DeliveryError) -> None:
    monkeypatch.setitem(CHANNELS.entries, "console", "unused")
    monkeypatch.setattr(CHANNELS, "get", lambda name: Faulty(error))


def test_a_retried_letter_goes_its_way(letter: Task, linked_ana: User) -> None:
    dead_letters.retry(letter, actor=linked_ana, now=timezone.now())
    row = RawEvent.objects.get()
    assert (row.state, row.claim_count) == (RawEvent.State.RETRY, 0)
    drain()
    assert RawEvent.objects.get().state == RawEvent.State.DONE
    assert len(told_of(row.correlation_id)) == 1
    retried = AuditEvent.objects.get(type=AuditType.TASK_RETRIED)
    assert (retried.actor, retried.correlation_id) == (linked_ana, row.correlation_id)


def test_a_second_click_is_a_conflict_and_does_nothing(letter: Task) -> None:
    dead_letters.retry(letter, actor=None, now=timezone.now())
    with pytest.raises(Conflict):
        dead_letters.retry(letter, actor=None, now=timezone.now())
    letter.refresh_from_db()
    assert letter.retry_count == 1
    assert AuditEvent.objects.filter(type=AuditType.TASK_RETRIED).count() == 1


def test_a_letter_that_dies_again_opens_its_task_again(letter: Task) -> None:
    dead_letters.retry(letter, actor=None, now=timezone.now())
    RawEvent.objects.update(claim_count=6)
    drain()
    letter.refresh_from_db()
    assert (letter.status, letter.retry_count) == (Task.Status.DEAD_LETTER, 1)
    assert Task.objects.count() == 1


def test_a_delivery_refused_for_good_is_a_dead_letter_without_anybodys_address(
    undelivered: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_console(monkeypatch, REFUSED)
    drain_deliveries(now=timezone.now(), limit=200)
    undelivered.refresh_from_db()
    assert undelivered.state == Delivery.State.FAILED
    letter = Task.objects.get()
    assert letter.subject == f"deliver:{undelivered.pk}"
    assert "ana@northwind.example" not in str(letter.error)
    assert undelivered.notification is not None
    assert undelivered.notification.status == Notification.Status.DELIVERED


def test_a_provider_that_is_busy_is_asked_again_when_it_said(
    undelivered: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_console(monkeypatch, BUSY)
    now = timezone.now()
    drain_deliveries(now=now, limit=200)
    undelivered.refresh_from_db()
    assert (undelivered.state, undelivered.attempt_count) == (Delivery.State.RETRY, 1)
    assert (undelivered.due_at - now).total_seconds() == pytest.approx(30, abs=1)
    assert undelivered.attempts.get().outcome == DeliveryAttempt.Outcome.FAILED
    assert not Task.objects.exists()


def test_the_letter_is_written_with_the_outcome_or_neither_is(
    undelivered: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_console(monkeypatch, REFUSED)
    monkeypatch.setattr(Task.objects, "bulk_create", _power_cut)
    with pytest.raises(InterruptedError):
        drain_deliveries(now=timezone.now(), limit=200)
    undelivered.refresh_from_db()
    assert undelivered.state == Delivery.State.ATTEMPTING


def _power_cut(*_: object, **__: object) -> None:
    raise InterruptedError


def test_a_delivery_claimed_too_often_is_buried_without_being_sent(
    undelivered: Delivery, capsys: pytest.CaptureFixture[str]
) -> None:
    Delivery.objects.filter(pk=undelivered.pk).update(claim_count=6)
    drain_deliveries(now=timezone.now(), limit=200)
    undelivered.refresh_from_db()
    assert (undelivered.state, undelivered.reason) == (Delivery.State.DEAD, "poison")
    assert Task.objects.get().error["code"] == "poison"
    assert "notification " not in capsys.readouterr().out


def test_a_late_outcome_of_a_worker_that_lost_its_delivery_changes_nothing(
    undelivered: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(label: str) -> None:
        if label == "D6":
            Delivery.objects.filter(pk=undelivered.pk).update(
                state=Delivery.State.UNKNOWN, token=None
            )

    monkeypatch.setattr(delivering, "faultpoint", lose)
    drain_deliveries(now=timezone.now(), limit=200)
    undelivered.refresh_from_db()
    assert undelivered.state == Delivery.State.UNKNOWN
