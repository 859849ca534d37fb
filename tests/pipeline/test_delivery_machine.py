"""Deliveries through a channel that answers as it is told: nothing lost, nothing told twice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.core.engines.circuit import Outcome as Fault
from apps.core.resilience import breaker
from apps.ingestion.models import Source
from apps.notifications.channels.base import (
    DeliveryError,
    DeliveryUnclear,
    OnUnknown,
    Receipt,
)
from apps.notifications.models import Address, Delivery, DeliveryAttempt
from apps.notifications.services.callbacks import take
from apps.notifications.types import OffReason, Report, ReportKind
from apps.pipeline.models import Task
from apps.pipeline.services.dead_letters import retry
from tests import factories
from tests.notifications.channels import scripted
from tests.notifications.channels.scripted import Scripted
from tests.pipeline.builders import deliver, drain, mail, receive

State, Outcome = Delivery.State, DeliveryAttempt.Outcome
BUSY = DeliveryError("Busy", permanent=False, fault=Fault.SERVER_ERROR)
UNCLEAR = DeliveryUnclear("No answer")

Install = Callable[..., Scripted]


@pytest.fixture
def pager(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, linked_ana: User, mailbox: Source
) -> Install:
    """Installs the channel; then `told` tells Ana something through it."""
    settings.EXTRA_CHANNELS = ["pager"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    breaker.breaker_for.cache_clear()

    def install(**flags: object) -> Scripted:
        return scripted.install(monkeypatch, **flags)

    return install


def told(mailbox: Source, count: int = 1) -> None:
    receive(mailbox, *(mail() for _ in range(count)))
    drain()


def rows() -> list[Delivery]:
    return list(Delivery.objects.filter(channel="pager").order_by("id"))


def row() -> Delivery:
    [one] = rows()
    return one


def attempts() -> list[tuple[str, str]]:
    found = DeliveryAttempt.objects.filter(delivery__channel="pager").order_by("id")
    return list(found.values_list("outcome", "error_code"))


def again() -> None:
    """As if the time of whatever waits had come."""
    Delivery.objects.filter(channel="pager").update(due_at=timezone.now() - timedelta(seconds=1))
    deliver(timezone.now())


# --- refusals -----------------------------------------------------------------------------------


def test_a_refusal_for_good_is_a_dead_letter_and_never_repeated(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    channel.answers = [DeliveryError("No such number", permanent=True, code="no_such_number")]
    told(mailbox)
    deliver(timezone.now())
    again()
    assert len(channel.sent) == 1
    assert (row().state, row().reason) == (State.FAILED, "no_such_number")
    assert Task.objects.get().error["code"] == "no_such_number"


def test_a_refusal_for_now_is_repeated_under_a_new_ref_and_the_same_key(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    channel.answers = [BUSY]
    told(mailbox)
    deliver(timezone.now())
    assert (row().state, row().failure_count) == (State.RETRY, 1)
    again()
    assert row().state == State.DELIVERED
    first, second = channel.sent
    assert first.message.ref != second.message.ref
    assert first.message.key == second.message.key


def test_too_many_requests_waits_as_long_as_it_is_asked_and_counts_for_nothing(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    channel.answers = [
        DeliveryError("Slow down", permanent=False, retry_after=600, fault=Fault.THROTTLED)
    ]
    told(mailbox)
    begun = timezone.now()
    deliver(begun)
    assert row().failure_count == 0
    assert row().due_at >= begun + timedelta(seconds=600)


def test_a_channel_that_is_not_set_up_is_an_operators_matter_and_no_attempt(
    pager: Install, mailbox: Source
) -> None:
    pager().names = ()
    told(mailbox)
    deliver(timezone.now())
    assert (row().state, row().reason, attempts()) == (State.FAILED, "channel_unavailable", [])
    assert Task.objects.count() == 1


# --- circuits and failover ----------------------------------------------------------------------


def test_an_open_circuit_puts_off_without_an_attempt(pager: Install, mailbox: Source) -> None:
    channel = pager()
    channel.names = ("acme:main",)
    open_circuit("acme:main")
    told(mailbox)
    begun = timezone.now()
    deliver(begun)
    assert (channel.sent, attempts()) == ([], [])
    assert (row().state, row().reason) == (State.PENDING, "circuit_open")
    assert row().due_at > begun


def test_the_second_provider_is_asked_while_the_firsts_circuit_is_open(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    channel.names = ("acme:main", "spare:main")
    open_circuit("acme:main")
    told(mailbox)
    deliver(timezone.now())
    assert [call.provider for call in channel.sent] == ["spare:main"]
    assert DeliveryAttempt.objects.get(delivery=row()).provider == "spare:main"


def test_a_provider_that_failed_is_not_the_next_to_be_asked_and_its_failure_stays_on_record(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    channel.names = ("acme:main", "spare:main")
    channel.answers = [BUSY]
    told(mailbox)
    deliver(timezone.now())
    again()
    assert [call.provider for call in channel.sent] == ["acme:main", "spare:main"]
    assert attempts() == [(Outcome.FAILED, "delivery_failed"), (Outcome.DELIVERED, "")]


def open_circuit(name: str) -> None:
    for _ in range(10):
        breaker.breaker_for(name).failed("timeout")
    breaker.breaker_for.cache_clear()


# --- nobody knows -------------------------------------------------------------------------------


def test_unclear_and_resent_it_is_told_under_another_ref(pager: Install, mailbox: Source) -> None:
    channel = pager()
    channel.answers = [UNCLEAR]
    told(mailbox)
    deliver(timezone.now())
    assert row().state == State.UNKNOWN
    again()
    assert row().state == State.DELIVERED
    assert [outcome for outcome, _ in attempts()] == [Outcome.UNKNOWN, Outcome.DELIVERED]


def test_nobody_asks_within_the_grace(pager: Install, mailbox: Source) -> None:
    channel = pager(grace_seconds=90)
    channel.answers = [UNCLEAR]
    told(mailbox)
    begun = timezone.now()
    deliver(begun)
    deliver(begun)
    assert len(channel.sent) == 1
    assert row().due_at >= begun + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("found", "sends", "outcomes"),
    [
        (Receipt(provider_message_id="SM1"), 1, [Outcome.DELIVERED]),
        (None, 2, [Outcome.FAILED, Outcome.DELIVERED]),
    ],
)
def test_reconciled_it_is_sent_again_only_if_it_was_not_sent(
    pager: Install,
    mailbox: Source,
    found: Receipt | None,
    sends: int,
    outcomes: list[str],
) -> None:
    channel = pager(on_unknown=OnUnknown.RECONCILE)
    channel.answers, channel.found = [UNCLEAR], [found]
    told(mailbox)
    deliver(timezone.now())
    again()
    assert row().state == State.DELIVERED
    assert len(channel.sent) == sends
    assert [one.ref for one in channel.looked_up] == [channel.sent[0].message.ref]
    assert [outcome for outcome, _ in attempts()] == outcomes


def test_a_provider_that_cannot_be_asked_now_is_asked_later(
    pager: Install, mailbox: Source
) -> None:
    channel = pager(on_unknown=OnUnknown.RECONCILE)
    channel.answers, channel.found = [UNCLEAR], [BUSY, Receipt()]
    told(mailbox)
    deliver(timezone.now())
    again()
    assert row().state == State.UNKNOWN
    again()
    assert (row().state, len(channel.sent), len(channel.looked_up)) == (State.DELIVERED, 1, 2)


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("policy", [OnUnknown.RECONCILE, OnUnknown.HOLD])
def test_what_nobody_can_tell_is_repeated_if_urgent_and_else_kept_for_an_operator(
    pager: Install, mailbox: Source, policy: OnUnknown, urgent: bool
) -> None:
    channel = pager(on_unknown=policy)
    channel.answers, channel.found = [UNCLEAR], [UNCLEAR]
    told(mailbox)
    note = row().notification
    assert note is not None
    note.priority = 9 if urgent else 5
    note.save()
    deliver(timezone.now())
    again()
    again()
    assert row().state == (State.DELIVERED if urgent else State.HELD)
    assert len(channel.sent) == (2 if urgent else 1)
    assert Task.objects.count() == (0 if urgent else 1)


def test_an_operator_who_retries_what_nobody_knows_of_has_it_sent(
    pager: Install, mailbox: Source
) -> None:
    channel = pager(on_unknown=OnUnknown.HOLD)
    channel.answers = [UNCLEAR]
    told(mailbox)
    deliver(timezone.now())
    again()
    retry(Task.objects.get(), actor=None, now=timezone.now())
    deliver(timezone.now())
    assert (row().state, len(channel.sent)) == (State.DELIVERED, 2)
    assert [outcome for outcome, _ in attempts()] == [Outcome.LOST, Outcome.DELIVERED]


# --- reports ------------------------------------------------------------------------------------


def report(kind: ReportKind) -> None:
    ref = DeliveryAttempt.objects.filter(delivery__channel="pager").latest("id").public_id
    now = timezone.now()
    take("acme", [Report(callback_id=f"{kind}-{ref}", kind=kind, at=now, ref=ref)], now=now)


def test_a_report_settles_what_nobody_knew_without_a_second_message(
    pager: Install, mailbox: Source
) -> None:
    channel = pager(on_unknown=OnUnknown.HOLD)
    channel.answers = [UNCLEAR]
    told(mailbox)
    deliver(timezone.now())
    again()
    assert row().state == State.HELD
    report(ReportKind.DELIVERED)
    deliver(timezone.now())
    assert (row().state, len(channel.sent)) == (State.DELIVERED, 1)


def test_a_bounce_reported_later_is_a_failure_with_its_dead_letter(
    pager: Install, mailbox: Source
) -> None:
    channel = pager()
    told(mailbox)
    deliver(timezone.now())
    report(ReportKind.BOUNCED)
    deliver(timezone.now())
    assert (row().state, row().reason, len(channel.sent)) == (State.FAILED, "bounced", 1)
    assert Task.objects.count() == 1
    deliver(timezone.now())
    assert Task.objects.count() == 1


# --- addresses ----------------------------------------------------------------------------------


def test_each_address_is_rung_under_a_delivery_of_its_own(
    pager: Install, mailbox: Source, linked_ana: User
) -> None:
    channel = pager(addressed=True, each=True)
    for value in ("one", "two", "three"):
        factories.make_address(user=linked_ana, channel="pager", value=value)
    told(mailbox)
    deliver(timezone.now())
    assert sorted(call.target.value for call in channel.sent) == ["one", "three", "two"]
    assert [one.state for one in rows()] == [State.DELIVERED] * 3
    assert Address.objects.filter(last_used_at=None).count() == 0


def test_else_the_first_address_alone_is_told(
    pager: Install, mailbox: Source, linked_ana: User
) -> None:
    channel = pager(addressed=True)
    for value in ("one", "two"):
        factories.make_address(user=linked_ana, channel="pager", value=value)
    told(mailbox)
    deliver(timezone.now())
    assert [call.target.value for call in channel.sent] == ["one"]


def test_without_an_address_the_channel_is_not_taken(pager: Install, mailbox: Source) -> None:
    pager(addressed=True)
    told(mailbox)
    assert rows() == []


def test_an_address_that_is_gone_is_switched_off_and_asked_no_more(
    pager: Install, mailbox: Source, linked_ana: User
) -> None:
    channel = pager(addressed=True)
    address = factories.make_address(user=linked_ana, channel="pager")
    channel.answers = [DeliveryError("Gone", permanent=True, off=OffReason.GONE)]
    told(mailbox)
    deliver(timezone.now())
    address.refresh_from_db()
    assert (address.state, address.off_reason) == (Address.State.OFF, "gone")
    told(mailbox)
    deliver(timezone.now())
    assert len(channel.sent) == 1


def test_an_address_switched_off_since_it_was_decided_is_not_used(
    pager: Install, mailbox: Source, linked_ana: User
) -> None:
    channel = pager(addressed=True)
    address = factories.make_address(user=linked_ana, channel="pager")
    told(mailbox)
    Address.objects.filter(pk=address.pk).update(state=Address.State.OFF)
    deliver(timezone.now())
    assert (channel.sent, row().state, row().reason) == ([], State.SUPPRESSED, "no_address")


@pytest.mark.parametrize("error", [BUSY, UNCLEAR], ids=["refused", "no answer"])
def test_an_address_remembers_since_when_it_fails(
    pager: Install, mailbox: Source, linked_ana: User, error: DeliveryError | DeliveryUnclear
) -> None:
    channel = pager(addressed=True)
    address = factories.make_address(user=linked_ana, channel="pager")
    channel.answers = [error, error]
    told(mailbox)
    deliver(timezone.now())
    address.refresh_from_db()
    since = address.failing_since
    again()
    address.refresh_from_db()
    assert since is not None
    assert address.failing_since == since
    again()
    address.refresh_from_db()
    assert address.failing_since is None


def test_the_accounts_own_address_serves_for_mail_until_there_is_another(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, linked_ana: User, mailbox: Source
) -> None:
    settings.EXTRA_CHANNELS = ["email"]
    channel = scripted.install(monkeypatch, "email", addressed=True)
    told(mailbox)
    deliver(timezone.now())
    assert [call.target.value for call in channel.sent] == [linked_ana.email]
    assert Address.objects.get().label == "Account"


# --- many at once -------------------------------------------------------------------------------


def test_a_round_sends_many_at_a_time_and_each_once(
    pager: Install, mailbox: Source, settings: Settings
) -> None:
    settings.RATE_LIMIT_USER_PER_MINUTE = 1_000
    channel = pager()
    told(mailbox, 150)
    deliver(timezone.now())
    keys = [call.message.key for call in channel.sent]
    assert len(keys) == len(set(keys)) == 150
    assert {one.state for one in rows()} == {State.DELIVERED}
