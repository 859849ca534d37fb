"""What the product says would have had to be otherwise: all of it is tried out with `decide`."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from apps.classification.types import Urgency, Verdict
from apps.notifications.engines.explaining.hindsight import otherwise, step_alone, ways_out
from apps.notifications.engines.explaining.ways_out import applied
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.trace import trace_from_json, trace_to_json
from apps.notifications.types import (
    Decision,
    FilterContext,
    Frequency,
    Outcome,
    QuietHoursPolicy,
    Told,
    TurnedStep,
)
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    codes,
    last,
    utc,
)
from tests.notifications.engines.strategies import cases, sleepers

Given = tuple[Verdict, FilterContext, datetime]
NIGHT = utc("2026-01-13T05:40")  # 06:40 in Berlin
thorough = settings(max_examples=300, deadline=None)


def said(verdict: Verdict, context: FilterContext, now: datetime = NOON) -> list[str]:
    return list(otherwise(decide(verdict, context, now)))


def read_later(decision: Decision) -> Decision:
    """As it comes back from its row."""
    stored = json.dumps(trace_to_json(decision.steps))
    return replace(decision, steps=trace_from_json(json.loads(stored)))


def test_a_way_out_names_everything_that_stands_in_the_way() -> None:
    context = a_context(
        categories=("risk",), relevance_threshold=0.95, min_urgency=Urgency.HIGH, sent_today=10
    )
    assert said(a_verdict(), context) == [
        "with the category message wanted,"
        " and with the minimum urgency medium instead of high,"
        " and with a relevance threshold of at most 0.8"
    ]


def test_what_would_have_settled_it_then_is_no_step_that_was_asked() -> None:
    decision = decide(a_verdict(), a_context(categories=(), min_urgency=Urgency.HIGH), NOON)
    assert codes(decision)[-1] == "category_muted"
    settling = last(decision)
    assert isinstance(settling, TurnedStep)
    assert [step.code for step in settling.then] == ["below_min_urgency"]


def test_minutes_of_several_steps_add_up() -> None:
    now = NOON + timedelta(minutes=6)  # 13:16 in Berlin
    asleep = a_night(start="13:17", end="14:00", policy=QuietHoursPolicy.DROP)
    told = (Told(fingerprint=FINGERPRINT, at=now - timedelta(minutes=18)),)
    [way] = ways_out(decide(a_verdict(), replace(asleep, told=told), now))
    assert [change.words for change in way] == ["had it come 44 minutes later"]


@pytest.mark.parametrize(
    ("verdict", "context"),
    [
        (a_code(expires_at=NOON), a_context()),
        (a_verdict(expires_at=NOON), a_context()),
        (a_verdict(), a_context(channels=())),
        (a_verdict(expires_at=NOON + timedelta(minutes=5)), a_context(channels=(), categories=())),
    ],
)
def test_where_no_way_out_is_known_none_is_claimed(
    verdict: Verdict, context: FilterContext
) -> None:
    decision = decide(verdict, context, NOON)
    assert decision.outcome is Outcome.DROP
    assert otherwise(decision) == step_alone(decision) == ()


def test_what_no_change_saves_names_what_the_step_alone_would_have_passed_with() -> None:
    told = (Told(fingerprint=FINGERPRINT, at=NOON - timedelta(minutes=18)),)
    context = a_context(categories=(), told=told)
    decision = decide(a_verdict(expires_at=NOON + timedelta(minutes=5)), context, NOON)
    assert otherwise(decision) == ()
    assert step_alone(decision) == ("with the category message wanted",)


def test_a_trace_of_an_earlier_version_claims_no_more_than_it_knows() -> None:
    decision = decide(a_verdict(), a_context(categories=()), NOON)
    trace = trace_to_json(decision.steps)
    del trace[-1]["turns"]
    recorded = replace(decision, steps=trace_from_json(trace))
    assert otherwise(recorded) == ()
    assert step_alone(recorded) == ("with the category message wanted",)


def test_what_was_told_now_names_what_would_have_held_it() -> None:
    assert said(a_verdict(), a_context(assigned=False)) == [
        "with notifications switched off",
        "with the category message muted",
        "with the minimum urgency high instead of low",
        "with a relevance threshold above 0.8",
        "with assigned clients only",
        "with a daily limit of 0",
        "with the frequency batch instead of instant",
    ]


def test_a_code_waits_for_nothing_and_must_still_be_wanted() -> None:
    assert said(a_code(expires_at=NOON + timedelta(minutes=5)), a_context()) == [
        "with notifications switched off",
        "with the category security_code muted",
        "with a relevance threshold above 0.8",
    ]


def test_what_is_urgent_would_be_held_by_a_limit_and_not_by_the_frequency() -> None:
    assert said(a_verdict(priority=8), a_context(assigned=False)) == [
        "with notifications switched off",
        "with the category message muted",
        "with the minimum urgency critical instead of low",
        "with a relevance threshold above 0.8",
        "with assigned clients only",
        "with a daily limit of 0",
    ]


def test_a_word_of_a_vip_is_wanted_anyway_and_counts_as_any_other() -> None:
    context = a_context(categories=(), assigned=False, frequency=Frequency.DAILY)
    assert said(a_verdict(vip=True), context) == [
        "with notifications switched off",
        "with a daily limit of 0",
    ]


def test_of_what_could_not_wait_an_earlier_trace_knows_the_switch_alone() -> None:
    decision = decide(a_verdict(priority=8), a_context(), NOON)
    old = tuple(
        replace(step, inputs={"frequency": "instant"}) if step.code == "batched" else step
        for step in decision.steps
    )
    assert otherwise(replace(decision, steps=old)) == ("with notifications switched off",)


@pytest.mark.parametrize(
    ("relevance", "at_most", "above"),
    [
        (0.846, "of at most 0.84", "above 0.85"),
        (0.854, "of at most 0.85", "above 0.86"),
        (0.995, "of at most 0.99", "of 1"),
        (0.29, "of at most 0.29", "above 0.29"),
    ],
)
def test_a_relevance_is_rounded_to_the_side_that_keeps_it_true(
    relevance: float, at_most: str, above: str
) -> None:
    verdict = a_verdict(relevance=relevance)
    assert said(verdict, a_context(relevance_threshold=0.999)) == [
        f"with a relevance threshold {at_most}"
    ]
    assert f"with a relevance threshold {above}" in said(verdict, a_context())


@thorough
@given(cases | sleepers)
def test_every_way_out_that_is_claimed_leads_to_another_outcome(case: Given) -> None:
    decision = decide(*case)
    for way in ways_out(read_later(decision)):
        question = case
        for change in way:
            question = applied(change, question)
        assert decide(*question).outcome is not decision.outcome, way


@thorough
@given(cases | sleepers)
def test_what_is_said_is_the_same_when_it_is_read_later(case: Given) -> None:
    decision = decide(*case)
    later = read_later(decision)
    assert otherwise(later) == otherwise(decision)
    assert not (otherwise(later) and step_alone(later))


@thorough
@given(cases | sleepers)
def test_what_is_told_can_always_be_switched_off_and_a_change_is_named_once(case: Given) -> None:
    decision = decide(*case)
    for way in ways_out(decision):
        assert len({change.setting for change in way}) == len(way)
    told = decision.outcome is Outcome.NOTIFY_NOW
    assert not told or otherwise(decision)[0] == "with notifications switched off"
