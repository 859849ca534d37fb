"""Each channel by itself: with the rest, later, in a digest, or not at all, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from apps.classification.types import Verdict
from apps.notifications.engines.channel_quiet import awake_on, channel_window
from apps.notifications.engines.explaining import explain_step, otherwise
from apps.notifications.engines.explaining.channel_flips import channel_flips
from apps.notifications.engines.explaining.ways_out import applied
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.quiet import window_at
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.engines.ways import taken
from apps.notifications.types import (
    ChannelRule,
    Decision,
    FilterContext,
    HeldChannel,
    Hold,
    Outcome,
    QuietHoursPolicy,
    Ringing,
    Step,
)
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    codes,
    utc,
)
from tests.notifications.engines.strategies import cases, ringers, sleepers

Given = tuple[Verdict, FilterContext, datetime]
BOTH = ("in_app", "sms")
TODAY = date(2026, 1, 12)
# Around NOON, for an hour more on Berlin's clock.
LUNCH = ChannelRule(quiet_start=time(12), quiet_end=time(14), time_zone="Europe/Berlin")
FIVE = ChannelRule(max_per_day=5)
LUNCH_ENDS = utc("2026-01-12T13:00")
NEXT_DIGEST = utc("2026-01-13T09:00")
thorough = settings(max_examples=150, deadline=None)


def ringing(rule: ChannelRule | None = None, **changes: Any) -> FilterContext:
    """Somebody with a second channel, and what they set for it."""
    rules = {"sms": rule} if rule else {}
    known = {name: changes.pop(name) for name in ("told_through", "seen_at") if name in changes}
    return a_context(channels=BOTH, channel_rules=rules, ringing=Ringing(**known), **changes)


def held(decision: Decision) -> HeldChannel:
    [found] = decision.held
    assert found.name == "sms"
    return found


def step_of(decision: Decision) -> Step:
    [found] = [step for step in decision.steps if step.code in Hold.values]
    return found


def test_what_nothing_holds_adds_no_step_and_no_channel() -> None:
    plain = decide(a_verdict(), a_context(), NOON)
    away = ringing(FIVE, told_through={("sms", TODAY): 4}, seen_at=NOON - timedelta(minutes=1))
    decision = decide(a_verdict(), away, NOON)
    assert codes(decision) == codes(plain)
    assert decision.held == ()
    assert taken(away.preference, 5, decision) == {"in_app": NOON, "sms": NOON}


def test_the_inbox_is_never_held_by_itself() -> None:
    context = a_context(channel_rules={"in_app": LUNCH}, ringing=Ringing(seen_at=NOON))
    assert decide(a_verdict(), context, NOON).held == ()


def test_its_own_quiet_hours_are_waited_for() -> None:
    decision = decide(a_verdict(), ringing(LUNCH), NOON)
    assert (decision.outcome, decision.due_at) == (Outcome.NOTIFY_NOW, NOON)
    assert held(decision) == HeldChannel(name="sms", due_at=LUNCH_ENDS)
    step = step_of(decision)
    assert (step.code, step.passed) == ("channel_quiet_hours", False)
    assert (step.threshold, step.margin) == ("12:00–14:00", -50.0)
    assert step.inputs["channel"] == "sms"


def test_they_are_over_only_where_the_persons_own_are_over_too() -> None:
    context = a_night(
        "Europe/Berlin",
        "14:00",
        "16:30",
        channels=BOTH,
        channel_rules={"sms": LUNCH},
        ringing=Ringing(),
    )
    assert held(decide(a_verdict(), context, NOON)).due_at == utc("2026-01-12T15:30")


def test_what_waits_for_the_persons_own_is_asked_as_of_their_end() -> None:
    early = ChannelRule(quiet_start=time(6), quiet_end=time(8), time_zone="Europe/Berlin")
    context = a_night(channels=BOTH, channel_rules={"sms": early}, ringing=Ringing())
    decision = decide(a_verdict(), context, utc("2026-01-13T03:00"))
    assert (decision.outcome, decision.due_at) == (Outcome.DEFER, utc("2026-01-13T06:00"))
    assert held(decision).due_at == utc("2026-01-13T07:00")
    assert taken(context.preference, 5, decision)["in_app"] == decision.due_at


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (QuietHoursPolicy.DIGEST, HeldChannel(name="sms", due_at=NEXT_DIGEST, in_digest=True)),
        (QuietHoursPolicy.DROP, HeldChannel(name="sms", due_at=None)),
    ],
)
def test_the_persons_policy_holds_for_a_channels_quiet_hours(
    policy: QuietHoursPolicy, expected: HeldChannel
) -> None:
    context = ringing(LUNCH, quiet_policy=policy)
    decision = decide(a_verdict(), context, NOON)
    assert held(decision) == expected
    assert taken(context.preference, 5, decision) == {"in_app": NOON}


def test_what_would_ring_only_once_it_has_lapsed_is_left_to_the_inbox() -> None:
    verdict = a_verdict(expires_at=LUNCH_ENDS)
    assert held(decide(verdict, ringing(LUNCH), NOON)) == HeldChannel(name="sms", due_at=None)
    in_time = a_verdict(expires_at=LUNCH_ENDS + timedelta(seconds=1))
    assert held(decide(in_time, ringing(LUNCH), NOON)).due_at == LUNCH_ENDS


@pytest.mark.parametrize("told", [5, 9])
def test_what_is_over_its_limit_joins_its_digest(told: int) -> None:
    decision = decide(a_verdict(), ringing(FIVE, told_through={("sms", TODAY): told}), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert held(decision) == HeldChannel(name="sms", due_at=NEXT_DIGEST, in_digest=True)
    step = step_of(decision)
    assert (step.code, step.threshold, step.margin) == ("channel_cap", 5, 4.0 - told)


def test_a_limit_is_of_the_persons_own_day() -> None:
    # 23:10 in Noumea: it is the 12th there as well, for 50 minutes more.
    full = {("sms", TODAY): 5}
    context = ringing(FIVE, told_through=full, time_zone="Pacific/Noumea")
    assert step_of(decide(a_verdict(), context, NOON)).code == "channel_cap"
    assert decide(a_verdict(), context, NOON + timedelta(hours=1)).held == ()


def test_what_rings_tomorrow_counts_against_tomorrows_limit() -> None:
    late = ChannelRule(quiet_start=time(12), quiet_end=time(8), max_per_day=1)
    context = ringing(late, told_through={("sms", TODAY): 1})
    decision = decide(a_verdict(), context, NOON)
    assert held(decision) == HeldChannel(name="sms", due_at=utc("2026-01-13T08:00"))
    full = ringing(late, told_through={("sms", date(2026, 1, 13)): 1})
    assert held(decide(a_verdict(), full, NOON)).in_digest


def test_a_digest_that_comes_too_late_is_left_to_the_inbox() -> None:
    context = ringing(FIVE, told_through={("sms", TODAY): 5})
    verdict = a_verdict(expires_at=NEXT_DIGEST)
    assert held(decide(verdict, context, NOON)) == HeldChannel(name="sms", due_at=None)


def test_who_is_at_the_inbox_is_given_time_to_read_it_there() -> None:
    decision = decide(a_verdict(), ringing(seen_at=NOON - timedelta(seconds=59)), NOON)
    assert held(decision) == HeldChannel(name="sms", due_at=NOON + timedelta(minutes=2))
    step = step_of(decision)
    assert (step.code, step.threshold, step.margin) == ("seen_elsewhere", 1.0, -0.02)


def test_the_time_to_read_it_does_not_end_in_somebodys_night() -> None:
    night = {"quiet_start": time(12, 11), "quiet_end": time(14), "quiet_hours_enabled": True}
    decision = decide(a_verdict(), ringing(seen_at=NOON, **night), NOON)
    assert held(decision).due_at == utc("2026-01-12T14:00")


def test_who_has_gone_is_told_at_once() -> None:
    assert decide(a_verdict(), ringing(seen_at=NOON - timedelta(seconds=60)), NOON).held == ()


def test_what_lapses_while_one_might_read_it_does_not_wait() -> None:
    verdict = a_verdict(expires_at=NOON + timedelta(minutes=2))
    assert decide(verdict, ringing(seen_at=NOON), NOON).held == ()


def test_what_is_told_later_anyway_is_not_given_more_time() -> None:
    decision = decide(a_verdict(), ringing(LUNCH, seen_at=NOON), NOON)
    assert held(decision).due_at == LUNCH_ENDS


@pytest.mark.parametrize(
    ("context", "code"),
    [
        (ringing(LUNCH), "channel_quiet_hours"),
        (ringing(FIVE, told_through={("sms", TODAY): 5}), "channel_cap"),
        (ringing(seen_at=NOON), "seen_elsewhere"),
    ],
)
def test_a_code_passes_everything_and_the_trace_says_so(context: FilterContext, code: str) -> None:
    decision = decide(a_code(expires_at=NOON + timedelta(hours=9)), context, NOON)
    assert decision.held == ()
    step = step_of(decision)
    assert (step.code, step.passed, step.note) == (code, True, "override")


def test_what_is_critical_does_not_wait_for_somebody_to_look_but_for_the_end_of_the_night() -> None:
    decision = decide(a_verdict(priority=9), ringing(seen_at=NOON), NOON)
    assert (decision.held, step_of(decision).note) == ((), "urgent")
    assert held(decide(a_verdict(priority=9), ringing(LUNCH), NOON)).due_at == LUNCH_ENDS


def test_a_channel_that_asks_for_more_is_not_asked_about() -> None:
    context = ringing(LUNCH, thresholds={"sms": 9})
    assert decide(a_verdict(), context, NOON).held == ()


def test_a_digest_takes_every_channel_by_itself() -> None:
    context = ringing(LUNCH, max_per_day=0)
    decision = decide(a_verdict(), context, NOON)
    assert (decision.outcome, decision.held) == (Outcome.DIGEST, ())
    assert taken(context.preference, 5, decision) == {}


def test_one_recipient_counts_for_the_decisions_after_it() -> None:
    context = ringing(ChannelRule(max_per_day=2))
    person = Recipient(
        preference=context.preference,
        pace=Pace(min_interval_seconds=0),
        day=TODAY,
        ringing=context.ringing,
    )
    unlike = (0, -1, FINGERPRINT, 0x5555_5555_5555_5555)
    told = [person.decide(a_verdict(), fingerprint, NOON) for fingerprint in unlike]
    assert [len(decision.held) for decision in told] == [0, 0, 1, 1]
    assert person.ringing == Ringing(told_through={("sms", TODAY): 2})


@pytest.mark.parametrize(
    ("context", "sentence", "words"),
    [
        (
            ringing(LUNCH),
            "Channel SMS: 13:10 is inside its quiet hours 12:00–14:00 (Europe/Berlin);"
            " held until 14:00.",
            "on sms without its quiet hours 12:00–14:00",
        ),
        (
            ringing(LUNCH, quiet_policy=QuietHoursPolicy.DROP),
            "Channel SMS: 13:10 is inside its quiet hours 12:00–14:00 (Europe/Berlin);"
            " not told through it.",
            "on sms without its quiet hours 12:00–14:00",
        ),
        (
            ringing(FIVE, told_through={("sms", TODAY): 5}),
            "Channel SMS: 5 of 5 told through it today; in its digest of 09:00.",
            "on sms with a daily limit of 6 instead of 5",
        ),
        (
            ringing(seen_at=NOON - timedelta(seconds=30)),
            "Channel SMS: you were at your inbox 0.5 min ago; held until 12:12, and only if it is"
            " unread then.",
            "on sms had you not been at your inbox",
        ),
    ],
)
def test_what_holds_a_channel_is_said_with_what_would_release_it(
    context: FilterContext, sentence: str, words: str
) -> None:
    decision = decide(a_verdict(), context, NOON)
    assert explain_step(step_of(decision)) == sentence
    [change] = channel_flips(decision)
    assert change.words == words
    assert otherwise(decision)[-1] == words
    assert decide(*applied(change, (a_verdict(), context, NOON))).held == ()


@thorough
@given(ringers)
def test_a_channel_changes_nothing_of_what_is_decided(case: Given) -> None:
    verdict, context, now = case
    plain = replace(context, ringing=None)
    rung, alone = decide(*case), decide(verdict, plain, now)
    assert replace(rung, held=(), steps=alone.steps) == alone
    assert rung.steps[: len(alone.steps)] == alone.steps


@thorough
@given(ringers)
def test_a_channel_is_told_once_in_time_and_in_nobodys_quiet_hours(case: Given) -> None:
    verdict, context, _ = case
    decision = decide(*case)
    ways = taken(context.preference, verdict.priority, decision)
    waiting = {one.name for one in decision.held if one.name not in ways}
    told = decision.outcome in {Outcome.NOTIFY_NOW, Outcome.DEFER}
    assert not told or ways.keys() | waiting == {"in_app", "sms"}
    rule = context.preference.channel_rules.get("sms", ChannelRule())
    for at in [ways[name] for name in ways if name == "sms"]:
        assert decision.due_at is not None
        assert decision.expires_at is not None
        assert at == decision.due_at or decision.due_at < at < decision.expires_at
        quiet = channel_window(rule, at) or window_at(context.preference, at)
        assert quiet is None or verdict.overrides_quiet_hours


@thorough
@given(ringers)
def test_a_limit_is_never_passed_and_its_overflow_never_lost(case: Given) -> None:
    verdict, context, now = case
    rule = ChannelRule(max_per_day=3)
    full = {("sms", (now + timedelta(days=day)).date()): 3 for day in range(-2, 9)}
    asked = replace(
        context,
        ringing=Ringing(told_through=full),
        preference=replace(context.preference, channel_rules={"sms": rule}),
    )
    decision = decide(verdict, asked, now)
    for one in decision.held:
        lapsed = verdict.expires_at is not None or context.lifetime_seconds == 0
        assert one.in_digest or (one.due_at is None and lapsed)
    free = verdict.overrides_quiet_hours or "sms" not in taken(
        asked.preference, verdict.priority, decision
    )
    assert free


def test_of_a_channel_that_waits_for_its_digest_either_way_nothing_is_claimed() -> None:
    asked = ringing(
        replace(FIVE, quiet_start=time(13), quiet_end=time(14), time_zone="Europe/Berlin"),
        told_through={("sms", TODAY): 5},
        quiet_policy=QuietHoursPolicy.DIGEST,
    )
    decision = decide(a_verdict(), asked, NOON)
    assert step_of(decision).code == "channel_quiet_hours"
    assert channel_flips(decision) == ()


@thorough
@given(ringers)
def test_every_change_that_is_named_has_its_channel_told_otherwise(case: Given) -> None:
    decision = decide(*case)
    for change in channel_flips(decision):
        changed = decide(*applied(change, case))
        assert changed.outcome == decision.outcome
        assert changed.held != decision.held, change


@thorough
@given(cases | sleepers)
def test_who_has_the_inbox_alone_meets_none_of_it(case: Given) -> None:
    assert decide(*case).held == ()
    assert not {step.code for step in decide(*case).steps} & set(Hold.values)


def test_who_is_never_awake_on_a_channel_waits_for_longer_than_anything_lasts() -> None:
    day = ChannelRule(quiet_start=time(8), quiet_end=time(20))
    context = a_night(
        "UTC", "20:00", "08:00", channels=BOTH, channel_rules={"sms": day}, ringing=Ringing()
    )
    assert awake_on(context.preference, "sms", NOON) > NOON + timedelta(days=7)
    assert held(decide(a_verdict(), context, NOON)).due_at is None
    assert awake_on(context.preference, "in_app", NOON.astimezone(UTC)) == NOON
