"""What quiet hours and snoozes put off counts on the day it is told."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from apps.classification.types import Verdict
from apps.notifications.engines.explaining import explain, otherwise
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.types import Decision, FilterContext, Outcome, PreferenceValues, Reason
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_night,
    a_verdict,
    codes,
    last,
    utc,
)

NIGHT = utc("2026-01-12T22:10")  # 23:10 in Berlin, of a night that ends on the 13th at 07:00
TOMORROW = date(2026, 1, 13)


def asked(**changes: Any) -> tuple[Verdict, FilterContext, datetime]:
    return a_verdict(), a_night(**{"max_per_day": 10, **changes}), NIGHT


def put_off(**changes: Any) -> Decision:
    return decide(*asked(**changes))


def test_what_would_be_put_off_to_a_day_that_is_full_joins_the_digest() -> None:
    decision = put_off(promised={TOMORROW: 10})
    assert (decision.outcome, decision.reason) == (Outcome.DIGEST, Reason.DAILY_CAP)
    assert decision.due_at == utc("2026-01-13T08:00")
    assert codes(decision)[-2:] == ["quiet_hours", "daily_cap"]
    step = last(decision)
    assert (step.inputs["sent_today"], step.inputs["day"]) == (10, "2026-01-13")
    assert (step.threshold, step.margin) == (10, -1.0)


def test_a_digest_in_the_quiet_hours_comes_when_they_end() -> None:
    decision = put_off(promised={TOMORROW: 10}, digest_time=time(5))
    assert (decision.outcome, decision.due_at) == (Outcome.DIGEST, utc("2026-01-13T06:00"))


@pytest.mark.parametrize(
    "changes",
    [
        {"promised": {TOMORROW: 9}},
        {"promised": {TOMORROW - timedelta(days=1): 10, TOMORROW + timedelta(days=1): 10}},
        {"promised": {TOMORROW: 10}, "max_per_day": None},
        {"sent_today": 9},
    ],
    ids=str,
)
def test_where_there_is_room_that_day_it_is_put_off(changes: dict[str, Any]) -> None:
    decision = put_off(**changes)
    assert (decision.outcome, decision.reason) == (Outcome.DEFER, Reason.QUIET_HOURS)


def test_what_a_snooze_puts_off_to_later_today_counts_today() -> None:
    ends = NOON + timedelta(hours=2)
    context = a_night(max_per_day=10, sent_today=9, snoozed_until=ends)
    assert decide(a_verdict(), context, NOON).reason == Reason.SNOOZED


def test_of_a_budget_the_end_counts_and_not_the_pace() -> None:
    budgeted = {"max_per_day": None, "interruption_budget": 6}
    assert put_off(promised={TOMORROW: 5}, **budgeted).outcome == Outcome.DEFER
    full = put_off(promised={TOMORROW: 6}, **budgeted)
    assert (full.outcome, full.reason) == (Outcome.DIGEST, Reason.BUDGET)


def test_what_would_lapse_before_the_digest_is_dropped_and_the_trace_says_why() -> None:
    _, context, now = asked(promised={TOMORROW: 10})
    decision = decide(a_verdict(expires_at=utc("2026-01-13T07:30")), context, now)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.EXPIRED)
    assert codes(decision)[-3:] == ["quiet_hours", "daily_cap", "expired"]
    assert otherwise(decision) == ("with a daily limit of 11 instead of 10",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"promised": {TOMORROW: 10}},
            "Daily limit: 10 of 10 told or promised for 2026-01-13; held until 09:00.",
        ),
        (
            {"promised": {TOMORROW: 7}, "interruption_budget": 6},
            "Interruption budget: 7 of 6 told or promised for 2026-01-13; held until 09:00.",
        ),
    ],
)
def test_the_last_sentence_names_the_day(changes: dict[str, Any], sentence: str) -> None:
    assert explain(put_off(**changes))[-1] == sentence


def test_a_higher_limit_and_a_higher_budget_would_have_put_it_off() -> None:
    decision = decide(*asked(promised={TOMORROW: 10}, interruption_budget=7))
    assert otherwise(decision) == (
        "with a daily limit of 11 instead of 10,"
        " and with an interruption budget of 11 instead of 7",
    )


def test_what_is_put_off_leaves_less_of_the_morning() -> None:
    preference = a_night(max_per_day=2).preference
    person = Recipient(preference=preference, pace=Pace(), day=date(2026, 1, 12))
    decisions = [person.decide(a_verdict(), unlike, NIGHT) for unlike in (0, -1, FINGERPRINT)]
    assert [decision.outcome for decision in decisions] == [
        Outcome.DEFER,
        Outcome.DEFER,
        Outcome.DIGEST,
    ]
    assert person.sent_today == 0
    person.begin(TOMORROW)
    assert person.sent_today == 2


def test_what_is_put_off_is_no_interruption_yet() -> None:
    person = Recipient(preference=PreferenceValues(), pace=Pace(), day=NOON.date())
    person.snoozed_until = NOON + timedelta(hours=1)
    person.decide(a_verdict(), 0, NOON)
    assert (person.sent_today, person.last_interruption_at) == (1, None)
