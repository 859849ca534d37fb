"""What one recipient has been told keeps from them what follows from it, and the trace says so."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.classification.types import Category, Verdict
from apps.notifications.engines.explaining import explain
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.types import Decision, Outcome, PreferenceValues, Reason
from apps.rules.types import ActiveInhibition, ActiveMatchers, Fired, Subject
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_verdict,
    codes,
    last,
)

OUTAGE = Subject(category="risk", event_type="mail", priority=9, client_id=7)
FOLLOW_UP = Subject(category="message", event_type="mail", priority=5, client_id=7)
INHIBITION = ActiveInhibition(
    inhibition_id=UUID(int=2),
    source=ActiveMatchers(category="risk"),
    target=ActiveMatchers(category="message"),
    equal=("client",),
    window_minutes=60,
)


def ana(**changes: Any) -> Recipient:
    """Told of the outage twelve minutes ago."""
    values = {"preference": PreferenceValues(), "pace": Pace(), "day": NOON.date()}
    fired = [Fired(subject=OUTAGE, at=NOON - timedelta(minutes=12))]
    return Recipient(**{**values, "inhibitions": (INHIBITION,), "fired": fired, **changes})


def asked(person: Recipient, verdict: Verdict, subject: Subject | None = FOLLOW_UP) -> Decision:
    return person.decide(verdict, FINGERPRINT, NOON, subject=subject)


def test_what_follows_is_dropped_and_the_trace_says_by_what_and_for_how_long() -> None:
    decision = asked(ana(), a_verdict())
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.INHIBITED)
    assert codes(decision)[-2:] == ["silenced", "inhibited"]
    assert last(decision).inputs["inhibition"] == str(UUID(int=2))
    assert (last(decision).margin, last(decision).threshold) == (-48.0, "2026-01-12T12:58:00+00:00")
    assert explain(decision)[-1] == "Inhibition: muted until 12:58 by what was told at 11:58."


def test_a_vips_word_does_not_pass() -> None:
    assert asked(ana(), a_verdict(vip=True, priority=10)).reason == Reason.INHIBITED


@pytest.mark.parametrize(
    "verdict",
    [
        a_code(expires_at=NOON + timedelta(minutes=5)),
        a_verdict(overrides_quiet_hours=True),
        replace(a_code(expires_at=NOON + timedelta(minutes=5)), overrides_quiet_hours=False),
    ],
    ids=["a code", "a deterministic rule", "a code that no rule lets through"],
)
def test_what_cannot_wait_is_told_unless_its_category_is_named(verdict: Verdict) -> None:
    everything = replace(INHIBITION, target=ActiveMatchers(max_priority=10))
    code = replace(FOLLOW_UP, category=Category.SECURITY_CODE.value)
    named = replace(INHIBITION, target=ActiveMatchers(category=Category.SECURITY_CODE.value))
    assert asked(ana(inhibitions=(everything,)), a_verdict()).reason == Reason.INHIBITED
    assert asked(ana(inhibitions=(everything,)), verdict, code).outcome == Outcome.NOTIFY_NOW
    assert asked(ana(inhibitions=(named,)), verdict, code).reason == Reason.INHIBITED


@pytest.mark.parametrize(
    "changes",
    [
        {"inhibitions": ()},
        {"fired": []},
        {"inhibitions": (replace(INHIBITION, window_minutes=12),)},
    ],
    ids=["no inhibition", "nothing told", "long ago"],
)
def test_what_nothing_holds_is_told(changes: dict[str, Any]) -> None:
    decision = asked(ana(**changes), a_verdict())
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert "Inhibition: none holds." in explain(decision)


def test_what_is_told_in_this_very_batch_counts_for_what_comes_after_it() -> None:
    person = ana(fired=[])
    before = asked(person, a_verdict(), FOLLOW_UP)
    outage = person.decide(a_verdict(priority=9), 1, NOON, subject=OUTAGE)
    after = person.decide(a_verdict(), 2, NOON, subject=FOLLOW_UP)
    reasons = [decision.reason for decision in (before, outage, after)]
    assert reasons == [Reason.PASSED, Reason.URGENT, Reason.INHIBITED]


def test_what_was_not_told_inhibits_nothing() -> None:
    person = ana(fired=[], preference=PreferenceValues(categories=("message",)))
    dropped = person.decide(a_verdict(category=Category.RISK), 1, NOON, subject=OUTAGE)
    assert dropped.reason == Reason.CATEGORY_MUTED
    assert asked(person, a_verdict()).outcome == Outcome.NOTIFY_NOW


def test_what_waits_for_a_digest_inhibits_as_what_is_told_now_does() -> None:
    held = a_context(max_per_day=0).preference
    person = ana(fired=[], preference=held)
    outage = person.decide(a_verdict(category=Category.RISK), 1, NOON, subject=OUTAGE)
    assert outage.outcome == Outcome.DIGEST
    assert asked(person, a_verdict()).reason == Reason.INHIBITED
