"""A few interruptions a day, and which things are worth one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.classification.types import Verdict
from apps.notifications.engines.budget import MOST_A_DAY, helpful_rate, needed
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.explaining.against import against
from apps.notifications.engines.explaining.flips import flips
from apps.notifications.engines.explaining.hindsight import ways_out
from apps.notifications.engines.explaining.reasons import sentence
from apps.notifications.engines.explaining.ways_out import applied
from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import (
    Decision,
    FilterContext,
    Frequency,
    Outcome,
    Reason,
)
from tests.notifications.engines.builders import (
    NOON,
    a_code,
    a_context,
    a_verdict,
    last,
    step_of,
    utc,
)
from tests.notifications.engines.strategies import sleepers

# Half of the waking day has passed, of 07:00 to 23:00.
MIDDAY = utc("2026-01-12T15:00")
thorough = settings(max_examples=150, deadline=None)


def told(sent: int, *, budget: int | None = 6, at: datetime = MIDDAY, **changes: Any) -> Decision:
    """An ordinary thing, of priority 5 and worth 0.36, after `sent` others that day."""
    context = a_context(sent_today=sent, interruption_budget=budget, **changes)
    return decide(a_verdict(), context, at)


@pytest.mark.parametrize("sent", [6, 7, 60])
def test_a_used_up_budget_holds_whatever_it_is_worth(sent: int) -> None:
    context = a_context(sent_today=sent, interruption_budget=6, max_per_day=None)
    decision = decide(a_verdict(priority=10, confidence=1.0, vip=True), context, MIDDAY)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.BUDGET)
    assert decision.due_at == utc("2026-01-13T09:00")
    assert (last(decision).threshold, last(decision).margin) == (None, None)


def test_what_is_ahead_of_the_pace_and_not_worth_it_joins_the_next_digest() -> None:
    decision = told(5)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.BUDGET)
    assert decision.due_at == utc("2026-01-13T09:00")
    step = last(decision)
    assert (step.threshold, step.margin) == (0.6667, -0.3067)
    assert {name: step.inputs[name] for name in ("sent_today", "budget", "paced", "worth")} == {
        "sent_today": 5,
        "budget": 6,
        "paced": 3.0,
        "worth": 0.36,
    }


def test_what_is_ahead_of_the_pace_and_worth_it_is_told() -> None:
    decision = told(4)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert (step_of(decision, "budget").threshold, step_of(decision, "budget").margin) == (
        0.3333,
        0.0267,
    )


def test_within_the_pace_everything_passes() -> None:
    context = a_context(sent_today=3, interruption_budget=6, helpful_rate=0.0)
    decision = decide(a_verdict(priority=1, confidence=0.0), context, MIDDAY)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "budget").threshold == 0.0


def test_in_the_evening_everything_that_is_left_may_be_spent() -> None:
    assert told(5, at=utc("2026-01-12T23:00")).outcome == Outcome.NOTIFY_NOW


def test_what_somebody_never_finds_helpful_is_worth_less() -> None:
    assert told(4, helpful_rate=0.5).reason == Reason.BUDGET


def test_a_code_passes_a_used_up_budget() -> None:
    context = a_context(sent_today=6, interruption_budget=6)
    decision = decide(a_code(expires_at=MIDDAY + timedelta(minutes=5)), context, MIDDAY)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert step_of(decision, "budget").note == "override"


def test_what_would_not_have_interrupted_is_not_put_off_beyond_its_batch() -> None:
    decision = told(6, frequency=Frequency.BATCH)
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.BUDGET)
    assert decision.due_at == utc("2026-01-12T15:30")


def test_without_a_budget_nothing_is_asked_of_the_day() -> None:
    assert step_of(told(9, budget=None), "budget").inputs == {}


def test_one_word_makes_no_category_worthless() -> None:
    assert helpful_rate(0, 0) == 0.8
    assert [helpful_rate(0, 1), helpful_rate(1, 0)] == [0.6667, 0.8333]
    assert helpful_rate(0, 95) == 0.04


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (told(3, budget=None), "Interruption budget: none."),
        (told(2), "Interruption budget: 2 of 6 told today, an even pace is 3 by now."),
        (
            told(5),
            "Interruption budget: 5 of 6 told today, an even pace is 3 by now;"
            " worth 0.36, 0.67 needed; held until 09:00.",
        ),
        (told(6), "Interruption budget: 6 of 6 told today; held until 09:00."),
    ],
)
def test_the_step_reads_well(decision: Decision, expected: str) -> None:
    assert explain_step(step_of(decision, "budget")) == expected


def test_the_reason_in_few_words() -> None:
    expected = "Your interruption budget was kept for what is worth more."
    assert sentence(told(6).reason.value) == expected


def test_what_is_held_names_the_smallest_budget_that_would_do() -> None:
    [change] = flips(told(5))
    assert change.words == "with an interruption budget of 8 instead of 6"
    assert told(5, budget=8).outcome == Outcome.NOTIFY_NOW
    assert told(5, budget=7).outcome == Outcome.DIGEST


def test_beyond_every_budget_only_having_none_would_do() -> None:
    asked = (a_verdict(), _overrun(), NOON)
    [(change,)] = ways_out(decide(*asked))
    assert change.words == "without an interruption budget"
    assert decide(*applied(change, asked)).outcome == Outcome.NOTIFY_NOW


def _overrun() -> FilterContext:
    return a_context(sent_today=MOST_A_DAY, interruption_budget=6, max_per_day=None)


def test_what_was_told_names_the_largest_budget_that_would_have_held_it() -> None:
    words = [change.words for change in against(told(4))]
    assert "with an interruption budget of 5" in words
    assert told(4, budget=5).reason == Reason.BUDGET


@pytest.mark.parametrize("sent", [1, 3, 9])
def test_who_has_no_budget_is_named_one_that_was_used_up(sent: int) -> None:
    words = [change.words for change in against(told(sent, budget=None))]
    assert f"with an interruption budget of {sent}" in words
    assert told(sent, budget=sent).reason == Reason.BUDGET


def test_beyond_every_budget_the_largest_is_named() -> None:
    words = [change.words for change in against(decide(a_verdict(), _unbudgeted(), MIDDAY))]
    assert f"with an interruption budget of {MOST_A_DAY}" in words


def _unbudgeted() -> FilterContext:
    return a_context(sent_today=MOST_A_DAY + 1, interruption_budget=None, max_per_day=None)


def test_before_anything_was_told_no_budget_would_have_held_it() -> None:
    words = [change.words for change in against(told(0, budget=None))]
    assert not [one for one in words if "budget" in one]
    assert told(0, budget=1).outcome == Outcome.NOTIFY_NOW


def test_what_a_rule_released_passes_every_budget() -> None:
    code = decide(a_code(expires_at=MIDDAY + timedelta(hours=1)), a_context(sent_today=1), MIDDAY)
    assert not [change for change in against(code) if change.setting == "interruption_budget"]


def test_a_vips_word_passes_none() -> None:
    asked = (a_verdict(vip=True), a_context(sent_today=1, frequency=Frequency.INSTANT), MIDDAY)
    [change] = (one for one in against(decide(*asked)) if one.setting == "interruption_budget")
    assert decide(*applied(change, asked)).reason == Reason.BUDGET


@thorough
@given(st.integers(0, 30), st.integers(1, 30), st.floats(0, 1))
def test_what_is_needed_grows_with_what_was_spent_and_falls_with_the_day(
    sent: int, budget: int, share: float
) -> None:
    now, more, later = (
        needed(sent, budget, share),
        needed(sent + 1, budget, share),
        needed(sent, budget, 1.0),
    )
    assert (now is None) is (sent >= budget) is (later is None)
    assert later in (None, 0.0)
    assert more is None or (now is not None and 0.0 <= now <= more <= 1.0)


@thorough
@given(sleepers)
def test_what_is_over_the_budget_is_in_a_digest_and_never_lost(
    case: tuple[Verdict, FilterContext, datetime],
) -> None:
    verdict, context, now = case
    preference = replace(
        context.preference,
        interruption_budget=3,
        max_per_day=None,
        frequency=Frequency.INSTANT,
    )
    decision = decide(verdict, replace(context, sent_today=3, preference=preference), now)
    assert verdict.overrides_quiet_hours or decision.reason in {Reason.BUDGET, Reason.EXPIRED}
    assert decision.reason != Reason.BUDGET or (
        decision.outcome == Outcome.DIGEST and decision.due_at is not None
    )
