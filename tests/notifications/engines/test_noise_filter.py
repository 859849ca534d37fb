from datetime import timedelta

import pytest

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.settling import STEPS
from apps.notifications.types import (
    FilterContext,
    Frequency,
    Outcome,
    QuietHoursPolicy,
    Reason,
    Told,
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
    step_of,
    utc,
)

TOLD = (Told(fingerprint=FINGERPRINT, at=NOON - timedelta(minutes=12)),)
MIDNIGHT = utc("2026-01-12T23:10")


@pytest.mark.parametrize(
    ("verdict", "context", "reason", "margin"),
    [
        (a_verdict(), a_context(consented=False), Reason.NO_CONSENT, None),
        (a_verdict(), a_context(enabled=False), Reason.DISABLED, None),
        (a_verdict(expires_at=NOON), a_context(), Reason.EXPIRED, 0.0),
        (a_verdict(expires_at=NOON - timedelta(minutes=3)), a_context(), Reason.EXPIRED, -3.0),
        (a_verdict(), a_context(categories=("risk",)), Reason.CATEGORY_MUTED, None),
        (a_verdict(), a_context(categories=()), Reason.CATEGORY_MUTED, None),
        (a_verdict(), a_context(min_urgency=Urgency.HIGH), Reason.BELOW_MIN_URGENCY, -2.0),
        (a_verdict(), a_context(relevance_threshold=0.95), Reason.BELOW_RELEVANCE, -0.15),
        (a_verdict(), a_context(told=TOLD), Reason.REDUNDANT, -18.0),
    ],
)
def test_what_is_not_wanted_is_dropped_with_its_reason_and_margin(
    verdict: Verdict, context: FilterContext, reason: Reason, margin: float | None
) -> None:
    decision = decide(verdict, context, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, reason)
    assert (last(decision).code, last(decision).passed) == (reason.value, False)
    assert last(decision).margin == margin
    assert decision.due_at is None
    assert decision.expires_at is None


def test_quiet_hours_may_drop() -> None:
    decision = decide(a_verdict(), a_night("UTC", policy=QuietHoursPolicy.DROP), MIDNIGHT)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.QUIET_HOURS)
    assert last(decision).margin == -470.0


def test_what_would_be_told_after_it_lapsed_is_dropped_and_the_trace_says_so() -> None:
    verdict = a_verdict(expires_at=utc("2026-01-13T06:30"))
    decision = decide(verdict, a_night("UTC"), MIDNIGHT)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.EXPIRED)
    assert codes(decision)[-2:] == ["quiet_hours", "expired"]
    assert last(decision).margin == -30.0


def test_what_would_be_told_the_moment_it_lapses_is_dropped() -> None:
    verdict = a_verdict(expires_at=utc("2026-01-13T07:00"))
    assert decide(verdict, a_night("UTC"), MIDNIGHT).reason == Reason.EXPIRED


def test_what_would_outlive_its_lifetime_while_held_is_dropped() -> None:
    context = a_night("UTC", lifetime_seconds=3_600)
    assert decide(a_verdict(), context, MIDNIGHT).reason == Reason.EXPIRED


def test_an_ordinary_thing_is_told_now_after_every_step_passed() -> None:
    decision = decide(a_verdict(), a_context(), NOON)
    assert (decision.outcome, decision.reason) == (Outcome.NOTIFY_NOW, Reason.PASSED)
    assert decision.due_at == NOON
    assert decision.expires_at == NOON + timedelta(days=7)
    assert len(decision.steps) == len(STEPS)
    assert all(step.passed for step in decision.steps)


def test_the_steps_are_asked_in_the_documented_order() -> None:
    assert codes(decide(a_verdict(), a_context(), NOON)) == [
        "no_consent",
        "disabled",
        "expired",
        "no_channel",
        "silenced",
        "inhibited",
        "category_muted",
        "below_min_urgency",
        "below_relevance",
        "not_assigned",
        "redundant",
        "daily_cap",
        "budget",
        "min_interval",
        "snoozed",
        "quiet_hours",
        "batched",
    ]


def test_steps_after_the_one_that_settled_it_are_absent() -> None:
    context = a_context(enabled=True, channels=(), categories=(), max_per_day=0)
    expected = ["no_consent", "disabled", "expired", "no_channel"]
    assert codes(decide(a_verdict(), context, NOON)) == expected


@pytest.mark.parametrize("code", ["no_consent", "silenced", "inhibited", "expired"])
def test_what_merely_passes_says_what_it_was_asked_with(code: str) -> None:
    assert step_of(decide(a_verdict(), a_context(), NOON), code).inputs


def test_a_verdicts_own_expiry_outranks_the_lifetime() -> None:
    lapses = NOON + timedelta(minutes=9)
    decision = decide(a_verdict(expires_at=lapses), a_context(), NOON)
    assert decision.expires_at == lapses
    assert step_of(decision, "expired").margin == 9.0


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (a_verdict(priority=7), Reason.URGENT),
        (a_verdict(priority=10, vip=True), Reason.URGENT),
        (a_verdict(priority=2, vip=True), Reason.VIP),
        (a_verdict(priority=2, overrides_quiet_hours=True), Reason.URGENT),
        (a_verdict(priority=6), Reason.PASSED),
    ],
)
def test_what_is_told_now_says_by_which_way(verdict: Verdict, reason: Reason) -> None:
    decision = decide(verdict, a_context(), NOON)
    assert (decision.outcome, decision.reason) == (Outcome.NOTIFY_NOW, reason)


@pytest.mark.parametrize(
    ("context", "code"),
    [
        (a_context(categories=("risk",)), "category_muted"),
        (a_context(min_urgency=Urgency.CRITICAL), "below_min_urgency"),
        (a_context(relevance_threshold=1.0), "below_relevance"),
    ],
)
def test_a_vip_passes_what_would_have_missed_and_the_trace_notes_it(
    context: FilterContext, code: str
) -> None:
    decision = decide(a_verdict(vip=True), context, NOON)
    assert (decision.outcome, decision.reason) == (Outcome.NOTIFY_NOW, Reason.VIP)
    assert step_of(decision, code).note == "vip override"
    assert step_of(decision, code).passed


def test_a_vip_who_needed_no_help_is_not_noted() -> None:
    decision = decide(a_verdict(vip=True), a_context(), NOON)
    assert step_of(decision, "below_relevance").note == ""


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        (a_context(enabled=False), Reason.DISABLED),
        (a_context(told=TOLD), Reason.REDUNDANT),
        (a_context(max_per_day=0), Reason.DAILY_CAP),
        (a_context(sent_today=1, interruption_budget=1), Reason.BUDGET),
        (a_context(last_interruption_at=NOON), Reason.MIN_INTERVAL),
    ],
)
def test_a_vip_does_not_pass_the_other_steps(context: FilterContext, reason: Reason) -> None:
    assert decide(a_verdict(vip=True), context, NOON).reason == reason


def test_a_code_wakes_up_past_cap_quiet_hours_interval_and_frequency() -> None:
    context = a_night(
        "UTC", max_per_day=0, last_interruption_at=MIDNIGHT, frequency=Frequency.WEEKLY
    )
    decision = decide(a_code(expires_at=MIDNIGHT + timedelta(minutes=5)), context, MIDNIGHT)
    assert (decision.outcome, decision.reason) == (Outcome.NOTIFY_NOW, Reason.URGENT)
    assert step_of(decision, "daily_cap").note == "override"
    assert step_of(decision, "quiet_hours").note == "override"
    assert step_of(decision, "min_interval").note == "urgent"


def test_a_muted_category_mutes_codes_too() -> None:
    verdict = a_code(expires_at=NOON + timedelta(minutes=5))
    context = a_context(categories=(Category.NEWS.value,))
    assert decide(verdict, context, NOON).reason == Reason.CATEGORY_MUTED


def test_a_critical_thing_without_a_deterministic_rule_waits_for_the_morning() -> None:
    decision = decide(a_verdict(priority=10), a_night("UTC"), MIDNIGHT)
    assert (decision.outcome, decision.due_at) == (Outcome.DEFER, utc("2026-01-13T07:00"))
