"""Who has withdrawn consent is told nothing, and a careful channel waits until it may."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import Consent, User
from apps.ingestion.models import Source
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision, Delivery, Notification
from apps.notifications.services.consenting import set_consent
from tests import factories
from tests.notifications import careful
from tests.pipeline.builders import deliver, drain, gather, mail, receive


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> careful.Careful:
    settings.EXTRA_CHANNELS = ["sms"]
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 0
    return careful.install(monkeypatch)


def decided(source: Source) -> Decision:
    receive(source, mail())
    drain()
    return Decision.objects.latest("id")


def withdraw(user: User, purpose: str) -> None:
    set_consent(user, purpose, granted=False, source=Consent.Source.PAGE, now=timezone.now())


def agree(user: User) -> None:
    factories.make_consent(user=user, purpose="sms")
    factories.make_address(user=user, channel="sms")


def channels(decision: Decision) -> str:
    """What the trace says of the ways."""
    steps = trace_from_json(decision.trace)
    return next(explain_step(step) for step in steps if step.code == "no_channel")


@pytest.mark.parametrize("with_row", [True, False])
def test_who_has_withdrawn_is_told_nothing(
    mailbox: Source, linked_ana: User, with_row: bool
) -> None:
    if with_row:
        factories.make_preference(user=linked_ana)
    factories.make_consent(user=linked_ana, granted=False)
    decision = decided(mailbox)
    assert (decision.outcome, decision.reason) == ("drop", "no_consent")
    assert [step["code"] for step in decision.trace] == ["no_consent"]
    assert not Notification.objects.exists()


def test_who_consents_again_is_told_again(mailbox: Source, linked_ana: User) -> None:
    for granted in (False, True):
        factories.make_consent(user=linked_ana, granted=granted)
    assert decided(mailbox).outcome == "notify_now"


def test_the_word_of_somebody_else_counts_for_them_alone(mailbox: Source, boris: User) -> None:
    factories.make_consent(user=boris, granted=False)
    assert decided(mailbox).outcome == "notify_now"


def test_consent_costs_no_query_of_its_own_where_no_channel_asks_for_it(mailbox: Source) -> None:
    receive(mailbox, mail())
    with CaptureQueriesContext(connection) as asked:
        drain()
    found = [q["sql"] for q in asked.captured_queries if "accounts_consent" in q["sql"]]
    assert len(found) == 2
    assert all("notifications_preference" in sql or "accounts_user" in sql for sql in found)


def test_a_careful_channel_is_not_used_without_consent(
    sms: careful.Careful, mailbox: Source
) -> None:
    decision = decided(mailbox)
    assert channels(decision) == "Channels: Inbox."
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["in_app"]


def test_withdrawn_consent_bars_the_channel_again(
    sms: careful.Careful, mailbox: Source, linked_ana: User
) -> None:
    agree(linked_ana)
    withdraw(linked_ana, "sms")
    decided(mailbox)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["in_app"]


def test_a_careful_channel_is_not_used_before_it_is_verified(
    sms: careful.Careful, mailbox: Source, linked_ana: User
) -> None:
    factories.make_consent(user=linked_ana, purpose="sms")
    factories.make_address(user=linked_ana, channel="sms", state="unverified", verified_at=None)
    decided(mailbox)
    assert list(Delivery.objects.values_list("channel", flat=True)) == ["in_app"]


def test_with_consent_and_verified_it_is_used(
    sms: careful.Careful, mailbox: Source, linked_ana: User
) -> None:
    agree(linked_ana)
    assert channels(decided(mailbox)) == "Channels: Inbox, SMS."
    deliver(timezone.now())
    assert len(sms.sent) == 1


@pytest.mark.parametrize(("consented", "word"), [(False, "no_consent"), (True, "no_address")])
def test_the_trace_names_what_is_missing(
    sms: careful.Careful, mailbox: Source, linked_ana: User, consented: bool, word: str
) -> None:
    factories.make_consent(user=linked_ana, purpose="sms", granted=consented)
    [step] = [step for step in decided(mailbox).trace if step["code"] == "no_channel"]
    assert step["inputs"]["sms"] == word


@pytest.mark.parametrize("purpose", ["sms", "notifications"])
def test_what_was_on_its_way_is_not_sent_any_more(
    sms: careful.Careful, mailbox: Source, linked_ana: User, purpose: str
) -> None:
    agree(linked_ana)
    decided(mailbox)
    withdraw(linked_ana, purpose)
    deliver(timezone.now())
    assert sms.sent == []
    row = Delivery.objects.get(channel="sms")
    assert (row.state, row.reason) == (Delivery.State.EXPIRED, "no_consent")
    assert Notification.objects.get().status == Notification.Status.DELIVERED


def test_a_digest_rings_nowhere_once_consent_was_withdrawn(
    sms: careful.Careful, mailbox: Source, linked_ana: User, now: datetime
) -> None:
    agree(linked_ana)
    event = factories.make_event(business=mailbox.business, user=linked_ana)
    held = factories.make_waiting(event=event, user=linked_ana, due_at=now)
    factories.make_consent(user=linked_ana, granted=False)
    gather(now)
    deliver(now)
    held.refresh_from_db()
    assert held.status == Notification.Status.DELIVERED
    assert sms.sent == []
