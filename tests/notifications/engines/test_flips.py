"""What would have had to be otherwise: every claim is tried out with `decide` itself."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.flips import Change, flips
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.ways_out import applied, way_out
from apps.notifications.types import (
    Bar,
    BarredChannel,
    Decision,
    FilterContext,
    Frequency,
    Outcome,
    Told,
)
from apps.rules.types import ActiveSilence, Inhibited
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    utc,
)
from tests.notifications.engines.strategies import cases

NIGHT = utc("2026-01-13T05:40")  # 06:40 in Berlin
TOLD = (Told(fingerprint=FINGERPRINT, at=NOON - timedelta(minutes=18)),)
SILENCE = ActiveSilence(silence_id=UUID(int=1), expires_at=NOON + timedelta(minutes=30))
INHIBITED = Inhibited(
    inhibition_id=UUID(int=2),
    told_at=NOON - timedelta(minutes=20),
    until=NOON + timedelta(minutes=40),
)
SMS = (BarredChannel(name="sms", bar=Bar.UNVERIFIED),)


def words(verdict: Verdict, context: FilterContext, now: datetime = NOON) -> list[str]:
    return [change.words for change in flips(decide(verdict, context, now))]


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        (a_context(consented=False), ["with your consent to be told things"]),
        (a_context(enabled=False), ["with notifications switched on"]),
        (a_context(channels=(), barred=SMS), ["with the channel sms verified"]),
        (a_context(silence=SILENCE), ["without the silence", "had it come 30 minutes later"]),
        (
            a_context(inhibition=INHIBITED),
            ["without the inhibition", "had it come 40 minutes later"],
        ),
        (a_context(categories=()), ["with the category message wanted"]),
        (
            a_context(min_urgency=Urgency.HIGH),
            ["with the minimum urgency medium instead of high"],
        ),
        (a_context(relevance_threshold=0.95), ["with a relevance threshold of at most 0.8"]),
        (
            a_context(assigned_clients_only=True, assigned=False),
            ["with all clients wanted, not the assigned ones only"],
        ),
        (a_context(told=TOLD), ["had it come 12 minutes later"]),
        (a_context(sent_today=10), ["with a daily limit of 11 instead of 10"]),
        (
            a_context(last_interruption_at=NOON - timedelta(minutes=4)),
            ["had it come 1 minute later"],
        ),
        (
            a_context(snoozed_until=NOON + timedelta(seconds=90)),
            ["without the snooze", "had it come 2 minutes later"],
        ),
        (
            a_context(frequency=Frequency.DAILY),
            ["with the frequency instant instead of daily"],
        ),
    ],
)
def test_each_step_names_what_would_turn_it(context: FilterContext, expected: list[str]) -> None:
    assert words(a_verdict(), context) == expected


def test_a_night_names_the_minutes_left_and_the_end_that_would_do() -> None:
    assert words(a_verdict(), a_night(), NIGHT) == [
        "had it come 20 minutes later",
        "with quiet hours that end by 06:40",
    ]


def test_in_an_hour_that_comes_twice_no_earlier_end_is_named() -> None:
    first = utc("2026-10-25T00:20")  # 02:20 in Berlin, for the first time
    assert words(a_verdict(), a_night(), first) == ["had it come 340 minutes later"]


def test_later_is_no_way_out_for_what_has_lapsed_by_then() -> None:
    verdict = a_verdict(expires_at=NIGHT + timedelta(minutes=5))
    assert words(verdict, a_night(), NIGHT) == ["with quiet hours that end by 06:40"]


def test_what_was_told_now_names_what_would_have_held_it() -> None:
    assert words(a_verdict(), a_context(assigned=False)) == [
        "with notifications switched off",
        "with the category message muted",
        "with the minimum urgency high instead of low",
        "with a relevance threshold above 0.8",
        "with assigned clients only",
        "with a daily limit of 0",
        "with the frequency batch instead of instant",
    ]


def test_what_cannot_wait_is_held_by_the_switch_alone() -> None:
    code = a_code(expires_at=NOON + timedelta(minutes=5))
    assert words(code, a_context()) == ["with notifications switched off"]


def test_a_way_out_names_everything_that_stands_in_the_way() -> None:
    context = a_context(categories=(), min_urgency=Urgency.HIGH, sent_today=10)
    found = way_out((a_verdict(), context, NOON))
    assert found is not None
    assert [change.setting for change in found.changes] == ["category_wanted", "min_urgency"]
    assert found.decision.outcome == Outcome.DIGEST


def test_there_is_no_way_out_of_having_lapsed() -> None:
    assert way_out((a_verdict(expires_at=NOON), a_context(), NOON)) is None


thorough = settings(max_examples=150, deadline=None)


def settling_code(decision: Decision) -> str:
    """The step that held it, where what it held would only be told too late."""
    steps = decision.steps
    too_late = steps[-1].code == "expired" and len(steps) > 2
    return steps[-2 if too_late else -1].code


@thorough
@given(cases)
def test_every_change_turns_the_step_that_settled_it(
    case: tuple[Verdict, FilterContext, datetime],
) -> None:
    decision = decide(*case)
    for change in flips(decision):
        changed = decide(*applied(change, case))
        if decision.outcome is Outcome.NOTIFY_NOW:
            assert changed.outcome is not Outcome.NOTIFY_NOW, change
        else:
            code = settling_code(decision)
            assert [step.passed for step in changed.steps if step.code == code] == [True], change


@thorough
@given(cases)
def test_every_way_out_leads_to_another_outcome(
    case: tuple[Verdict, FilterContext, datetime],
) -> None:
    found = way_out(case)
    if found is None:
        return
    question = case
    for change in found.changes:
        question = applied(change, question)
    assert decide(*question) == found.decision
    assert found.decision.outcome is not decide(*case).outcome


def test_muting_one_of_all_categories_leaves_the_others() -> None:
    change = Change(setting="category_muted", value="news", words="")
    _, context, _ = applied(change, (a_verdict(), a_context(), NOON))
    assert context.preference.categories is not None
    assert {*Category.values} - {*context.preference.categories} == {"news"}
