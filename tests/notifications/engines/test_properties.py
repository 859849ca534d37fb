import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings

from apps.classification.types import Verdict
from apps.notifications.engines.cases import Case
from apps.notifications.engines.explaining import explain
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.quiet import awake_from, quiet_window
from apps.notifications.engines.settling import settle
from apps.notifications.engines.trace import trace_from_json, trace_to_json
from apps.notifications.types import Decision, FilterContext, Outcome, Reason
from apps.rules.types import ActiveSilence, Inhibited
from tests.notifications.engines.builders import last
from tests.notifications.engines.strategies import cases, sleepers

Given = tuple[Verdict, FilterContext, datetime]
thorough = settings(max_examples=150, deadline=None)


def held(decision: Decision) -> bool:
    return decision.outcome in {Outcome.DIGEST, Outcome.DEFER}


@thorough
@given(cases)
def test_the_same_question_gets_the_same_decision(case: Given) -> None:
    assert decide(*case) == decide(*case)


@thorough
@given(cases)
def test_dropped_means_exactly_never_due(case: Given) -> None:
    decision = decide(*case)
    assert (decision.outcome == Outcome.DROP) is (decision.due_at is None)
    assert (decision.due_at is None) is (decision.expires_at is None)


@thorough
@given(cases)
def test_what_is_told_now_passed_every_step_and_the_rest_failed_at_the_last(case: Given) -> None:
    decision = decide(*case)
    told = decision.outcome == Outcome.NOTIFY_NOW
    assert all(step.passed for step in decision.steps) is told
    assert last(decision).passed is told
    assert told or decision.reason.value == last(decision).code


@thorough
@given(sleepers)
def test_told_now_is_due_now_and_nothing_is_due_earlier(case: Given) -> None:
    decision = decide(*case)
    assert (decision.due_at == case[2]) is (decision.outcome == Outcome.NOTIFY_NOW)
    assert decision.due_at is None or decision.due_at >= case[2]


@thorough
@given(sleepers)
def test_nothing_is_held_until_after_it_lapsed(case: Given) -> None:
    decision = decide(*case)
    due_at, expires_at = decision.due_at or case[2], decision.expires_at or case[2]
    assert not held(decision) or due_at < expires_at


@thorough
@given(sleepers)
def test_nothing_held_back_is_due_inside_quiet_hours(case: Given) -> None:
    decision = decide(*case)
    due_at = decision.due_at or case[2]
    assert not held(decision) or quiet_window(Case.of(*case), due_at) is None


@thorough
@given(sleepers)
def test_quiet_hours_are_only_broken_by_a_deterministic_rule(case: Given) -> None:
    quiet = quiet_window(Case.of(*case), case[2]) is not None
    told = decide(*case).outcome == Outcome.NOTIFY_NOW
    assert not (quiet and told) or case[0].overrides_quiet_hours


@thorough
@given(sleepers)
def test_no_verdict_of_a_model_breaks_quiet_hours_or_a_snooze(case: Given) -> None:
    verdict, context, now = case
    hijacked = replace(verdict, priority=10, vip=True, overrides_quiet_hours=False)
    asked = hijacked, context, now
    awake = awake_from(Case.of(*asked), now) == now.astimezone(UTC)
    assert awake or decide(*asked).outcome != Outcome.NOTIFY_NOW


@thorough
@given(sleepers)
def test_what_is_over_the_limit_is_in_a_digest_and_never_lost(case: Given) -> None:
    verdict, context, now = case
    full = replace(context, sent_today=9, preference=replace(context.preference, max_per_day=9))
    decision = decide(verdict, full, now)
    assert verdict.overrides_quiet_hours or decision.reason in {Reason.DAILY_CAP, Reason.EXPIRED}
    assert decision.reason != Reason.DAILY_CAP or (
        decision.outcome == Outcome.DIGEST and decision.due_at is not None
    )


@thorough
@given(sleepers)
def test_what_is_put_off_to_a_full_day_is_in_a_digest_and_never_lost(case: Given) -> None:
    verdict, context, now = case
    preference = replace(context.preference, max_per_day=9, interruption_budget=None)
    free = replace(context, preference=preference, sent_today=0, promised={})
    days = {now.date() + timedelta(days=ahead): 9 for ahead in range(-2, 10)}
    # Without their ways out: those may well lead to the full day.
    before = settle(Case.of(verdict, free, now))
    after = settle(Case.of(verdict, replace(free, promised=days), now))
    if before.outcome != Outcome.DEFER or before.due_at is None:
        assert after == before
    elif after.reason == Reason.DAILY_CAP:
        assert after.outcome == Outcome.DIGEST
        assert after.due_at is not None
        assert after.due_at >= before.due_at
    else:
        zone = Case.of(*case).zone
        same_day = before.due_at.astimezone(zone).date() == now.astimezone(zone).date()
        assert (after == before) if same_day else after.reason == Reason.EXPIRED


@thorough
@given(cases)
def test_what_is_silenced_is_never_told_whoever_sends_it(case: Given) -> None:
    verdict, context, now = case
    silence = ActiveSilence(silence_id=UUID(int=1), expires_at=now + timedelta(microseconds=1))
    assert decide(verdict, replace(context, silence=silence), now).outcome == Outcome.DROP


@thorough
@given(cases)
def test_what_is_inhibited_is_never_told_whoever_sends_it(case: Given) -> None:
    verdict, context, now = case
    moment = now + timedelta(microseconds=1)
    inhibition = Inhibited(inhibition_id=UUID(int=1), told_at=now, until=moment)
    assert decide(verdict, replace(context, inhibition=inhibition), now).outcome == Outcome.DROP


@thorough
@given(cases)
def test_every_trace_survives_json_and_is_explained_step_by_step(case: Given) -> None:
    decision = decide(*case)
    stored = json.dumps(trace_to_json(decision.steps), allow_nan=False)
    assert trace_from_json(json.loads(stored)) == decision.steps
    assert len(explain(decision)) == len(decision.steps)
