"""What would have had to be otherwise: every claim is tried out with `decide` itself."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.explaining.flips import Change, flips, turnable
from apps.notifications.engines.explaining.ways_out import applied
from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import (
    Bar,
    BarredChannel,
    FilterContext,
    Frequency,
    Told,
)
from apps.rules.types import ActiveSilence, Inhibited
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
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


thorough = settings(max_examples=150, deadline=None)


@thorough
@given(cases)
def test_every_change_turns_the_step_that_settled_it(
    case: tuple[Verdict, FilterContext, datetime],
) -> None:
    decision = decide(*case)
    code = turnable(decision).code
    for change in flips(decision):
        changed = decide(*applied(change, case))
        assert [step.passed for step in changed.steps if step.code == code] == [True], change


def test_muting_one_of_all_categories_leaves_the_others() -> None:
    change = Change(setting="category_muted", value="news", words="")
    _, context, _ = applied(change, (a_verdict(), a_context(), NOON))
    assert context.preference.categories is not None
    assert {*Category.values} - {*context.preference.categories} == {"news"}
