"""From a fact to a decision and what follows from it: told now, later, or not, and always why."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.classification.models import Classification
from apps.ingestion.models import Source
from apps.notifications.models import (
    Decision,
    Delivery,
    Digest,
    DigestRound,
    Notification,
    Tally,
)
from tests import factories
from tests.pipeline.builders import deliver, drain, gather, mail, receive, told_of


def decision_of(event_id: UUID) -> Decision:
    return Decision.objects.get(correlation_id=event_id)


def verdict_of(event_id: UUID) -> Classification:
    return Classification.objects.get(correlation_id=event_id)


def quiet_now(user: User, now: datetime, **values: object) -> None:
    """Quiet hours that began an hour ago and end in an hour."""
    factories.make_preference(
        user=user,
        quiet_hours_enabled=True,
        quiet_start=(now - timedelta(hours=1)).time(),
        quiet_end=(now + timedelta(hours=1)).time(),
        **values,
    )


def test_what_is_told_now_is_in_the_inbox_when_the_drain_ends(mailbox: Source) -> None:
    [event_id] = receive(mailbox, mail(subject="Question"))
    drain()
    [told] = told_of(event_id)
    assert told.status == Notification.Status.DELIVERED
    assert told.delivered_at is not None
    [delivery] = told.deliveries.all()
    assert (delivery.channel, delivery.state) == ("in_app", Delivery.State.DELIVERED)
    assert delivery.attempts.count() == delivery.attempt_count == 1
    assert Tally.objects.get().count == 1


@pytest.mark.parametrize("address", ["carla@acme.example", "@acme.example"])
def test_a_vip_is_known_by_address_or_by_domain(
    mailbox: Source, northwind: Business, linked_ana: User, address: str
) -> None:
    factories.make_vip(business=northwind, user=linked_ana, address=address, priority=9)
    [event_id] = receive(mailbox, mail(sender="Carla <Carla@ACME.example>"))
    drain()
    verdict = verdict_of(event_id)
    assert (verdict.vip, verdict.priority) == (True, 9)


def test_an_address_on_the_list_counts_before_its_domain(
    mailbox: Source, northwind: Business, linked_ana: User
) -> None:
    factories.make_vip(business=northwind, user=linked_ana, address="@acme.example", priority=9)
    factories.make_vip(
        business=northwind, user=linked_ana, address="carla@acme.example", priority=7
    )
    [event_id] = receive(mailbox, mail())
    drain()
    assert verdict_of(event_id).priority == 7


def test_somebodys_own_list_counts_before_the_shared_one(
    mailbox: Source, northwind: Business, linked_ana: User
) -> None:
    factories.make_vip(business=northwind, address="carla@acme.example", priority=9)
    factories.make_vip(business=northwind, user=linked_ana, address="@acme.example", priority=7)
    [event_id] = receive(mailbox, mail())
    drain()
    assert verdict_of(event_id).priority == 7


def test_the_vip_of_somebody_else_is_nobody_to_ana(
    mailbox: Source, northwind: Business, boris: User
) -> None:
    factories.make_vip(business=northwind, user=boris)
    [event_id] = receive(mailbox, mail())
    drain()
    assert verdict_of(event_id).vip is False


def test_a_word_that_matters_raises_the_priority(mailbox: Source, northwind: Business) -> None:
    factories.make_keyword_rule(business=northwind, pattern="term sheet", priority=9)
    plain, marked = receive(mailbox, mail(), mail(subject="The Term Sheet is here"))
    drain()
    assert verdict_of(plain).priority < 9
    assert verdict_of(marked).priority == 9


def test_a_verdict_names_rules_by_their_public_ids(mailbox: Source, northwind: Business) -> None:
    vip = factories.make_vip(business=northwind, address="carla@acme.example")
    rule = factories.make_keyword_rule(business=northwind, pattern="term sheet")
    [event_id] = receive(mailbox, mail(sender="carla@acme.example", subject="Term sheet"))
    drain()
    named = {
        signal["detail"]
        for signal in verdict_of(event_id).signals
        if signal["code"] in {"vip", "keyword"}
    }
    assert named == {str(vip.public_id), str(rule.public_id)}


def test_quiet_hours_hold_a_message_until_they_end(mailbox: Source, linked_ana: User) -> None:
    now = timezone.now()
    quiet_now(linked_ana, now)
    [event_id] = receive(mailbox, mail())
    drain(now)
    deliver(now)
    decision = decision_of(event_id)
    assert (decision.outcome, decision.reason) == ("defer", "quiet_hours")
    assert decision.due_at == now + timedelta(hours=1)
    [held] = told_of(event_id)
    assert held.status == Notification.Status.QUEUED
    [delivery] = held.deliveries.all()
    assert (delivery.state, delivery.due_at) == (Delivery.State.PENDING, decision.due_at)
    promised = Tally.objects.get()
    assert (promised.local_date, promised.count) == ((now + timedelta(hours=1)).date(), 1)
    assert promised.last_at is None


def test_what_was_held_is_delivered_once_its_time_has_come(
    mailbox: Source, linked_ana: User
) -> None:
    now = timezone.now()
    quiet_now(linked_ana, now)
    [event_id] = receive(mailbox, mail())
    drain(now)
    Delivery.objects.update(due_at=now)
    later = now + timedelta(hours=1)
    deliver(later)
    [told] = told_of(event_id)
    assert told.status == Notification.Status.DELIVERED
    assert told.delivered_at is not None
    assert later <= told.delivered_at < later + timedelta(minutes=1)
    [delivery] = told.deliveries.all()
    assert delivery.attempts.count() == delivery.attempt_count == 1


def test_what_was_held_too_long_expires_and_is_never_told(
    mailbox: Source, linked_ana: User
) -> None:
    now = timezone.now()
    quiet_now(linked_ana, now)
    [event_id] = receive(mailbox, mail())
    drain(now)
    Delivery.objects.update(due_at=now)
    deliver(now + timedelta(days=30))
    [lost] = told_of(event_id)
    assert (lost.status, lost.delivered_at) == (Notification.Status.EXPIRED, None)
    assert lost.moot_reason == "expired"
    assert lost.deliveries.get().state == Delivery.State.EXPIRED


def test_a_code_does_not_wait_for_the_end_of_quiet_hours(mailbox: Source, linked_ana: User) -> None:
    now = timezone.now()
    quiet_now(linked_ana, now)
    code = mail(
        sender="Harbor Bank <no-reply@harbor.example>",
        subject="Your sign-in code",
        text="482913 is your Harbor Bank verification code. It expires in 10 minutes.",
    )
    code["data"]["message_timestamp"] = now.isoformat()
    [event_id] = receive(mailbox, code)
    drain(now)
    assert decision_of(event_id).outcome == "notify_now"


def test_a_daily_reader_is_told_at_the_time_of_the_digest(
    mailbox: Source, linked_ana: User
) -> None:
    now = timezone.now()
    factories.make_preference(user=linked_ana, frequency="daily", digest_time="09:00")
    [event_id] = receive(mailbox, mail(subject="Minutes", text="The minutes are attached."))
    drain(now)
    decision = decision_of(event_id)
    assert (decision.outcome, decision.reason) == ("digest", "batched")
    assert decision.due_at is not None
    assert decision.due_at.astimezone(UTC).time().isoformat() == "09:00:00"
    assert decision.due_at > now
    assert not Delivery.objects.exists()
    DigestRound.objects.update(due_at=now)
    gather(decision.due_at)
    assert told_of(event_id)[0].status == Notification.Status.DELIVERED
    assert (Digest.objects.get().channel, Delivery.objects.get().state) == ("in_app", "delivered")


@pytest.mark.parametrize(
    ("preference", "reason"),
    [
        ({"enabled": False}, "disabled"),
        ({"categories": ["meeting"]}, "category_muted"),
        ({"min_urgency": "critical"}, "below_min_urgency"),
        ({"relevance_threshold": 1.0}, "below_relevance"),
    ],
)
def test_what_is_dropped_leaves_a_decision_with_its_reasons_and_nothing_else(
    mailbox: Source, linked_ana: User, preference: dict[str, object], reason: str
) -> None:
    factories.make_preference(user=linked_ana, **preference)
    [event_id] = receive(mailbox, mail(subject="Minutes", text="The minutes are attached."))
    drain()
    decision = decision_of(event_id)
    assert (decision.outcome, decision.reason) == ("drop", reason)
    assert decision.trace[-1]["code"] == reason
    assert decision.trace[-1]["passed"] is False
    assert told_of(event_id) == []
    assert not Delivery.objects.exists()


def test_the_same_news_from_a_second_sender_is_redundant(mailbox: Source) -> None:
    words = {"subject": "Moving the meeting", "text": "We would like to meet on Thursday at four."}
    first, second = receive(
        mailbox, mail(**words), mail(**words, sender="Dora <dora@acme.example>")
    )
    drain()
    assert decision_of(first).outcome == "notify_now"
    assert (decision_of(second).outcome, decision_of(second).reason) == ("drop", "redundant")


def test_a_clock_that_is_a_moment_behind_holds_nothing_back(
    mailbox: Source, linked_ana: User
) -> None:
    now = timezone.now()
    factories.make_tally(
        user=linked_ana, local_date=now.date(), last_at=now + timedelta(milliseconds=40)
    )
    [event_id] = receive(mailbox, mail())
    drain(now)
    assert decision_of(event_id).outcome == "notify_now"
    assert Tally.objects.get().last_at == now + timedelta(milliseconds=40)
