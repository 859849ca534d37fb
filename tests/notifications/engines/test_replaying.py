from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.timing import zone
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.recipient import Pace
from apps.notifications.engines.replaying import (
    Occurrence,
    Setting,
    figures,
    later,
    replay,
    silenced,
)
from apps.notifications.types import FilterContext, Frequency, Outcome, PreferenceValues, Reason
from apps.rules.types import ActiveInhibition, ActiveMatchers, ActiveSilence, Subject
from tests.notifications.engines.builders import FINGERPRINT, NOON, a_verdict
from tests.notifications.engines.strategies import moments, preferences, silences, verdicts
from tests.rules.engines.strategies import inhibitions, subjects

LATER = NOON + timedelta(days=180)

thorough = settings(max_examples=80, deadline=None)


def an_occurrence(minutes: float = 0, *, fingerprint: int = 0, priority: int = 5) -> Occurrence:
    return Occurrence(
        event_id=int(minutes),
        at=NOON + timedelta(minutes=minutes),
        verdict=a_verdict(priority=priority),
        fingerprint=fingerprint,
    )


def inhibited(minutes: float, category: str, *, held: bool = True) -> Occurrence:
    """Risks inhibit messages for an hour, if that was written by then."""
    inhibition = ActiveInhibition(
        inhibition_id=UUID(int=1),
        source=ActiveMatchers(category="risk"),
        target=ActiveMatchers(category="message"),
        equal=(),
        window_minutes=60,
    )
    subject = Subject(category=category, event_type="mail", priority=5)
    rules = (inhibition,) if held else ()
    return replace(an_occurrence(minutes), subject=subject, inhibitions=rules)


def with_subject(one: Occurrence) -> Occurrence:
    verdict = one.verdict
    subject = Subject(category=verdict.category, event_type="MAIL", priority=verdict.priority)
    return replace(one, subject=subject)


def a_setting(**changes: object) -> Setting:
    values = {"max_per_day": None, **changes}
    return Setting(preference=PreferenceValues(**values), pace=Pace())  # type: ignore[arg-type]  # names and values are the test's


def sequences(begins_at: datetime) -> st.SearchStrategy[list[Occurrence]]:
    occurrence = st.builds(
        Occurrence,
        event_id=st.integers(1, 9),
        at=st.integers(0, 200_000).map(lambda seconds: begins_at + timedelta(seconds=seconds)),
        verdict=verdicts(begins_at),
        fingerprint=st.sampled_from((0, FINGERPRINT, FINGERPRINT ^ 1, -FINGERPRINT)),
        silence=st.none() | st.none() | silences(begins_at),
        assigned=st.sampled_from((None, True, False)),
        subject=st.none() | subjects,
        inhibitions=st.lists(inhibitions, max_size=2).map(tuple),
    )
    return st.lists(occurrence, max_size=12).map(
        lambda found: sorted(found, key=lambda one: one.at)
    )


recordings = moments.flatmap(sequences)
wishes = st.builds(Setting, preference=preferences, pace=st.just(Pace()))


def test_nothing_recorded_is_nothing_told() -> None:
    counts = figures([], replay([], a_setting()))
    assert (counts.interruptions, counts.median_delay_minutes) == (0, None)


def test_what_was_told_is_told_once_within_the_window_and_again_after_it() -> None:
    record = [an_occurrence(at, fingerprint=FINGERPRINT) for at in (0, 29, 31)]
    reasons = [decision.reason for decision in replay(record, a_setting())]
    assert reasons == [Reason.PASSED, Reason.REDUNDANT, Reason.PASSED]


def test_what_was_told_inhibits_for_its_window_also_what_came_before_the_rule_was_written() -> None:
    record = [
        inhibited(0, "risk", held=False),
        inhibited(5, "message", held=False),
        inhibited(59, "message"),
        inhibited(60, "message"),
    ]
    reasons = [decision.reason for decision in replay(record, a_setting())]
    assert reasons == [Reason.PASSED, Reason.PASSED, Reason.INHIBITED, Reason.PASSED]


def test_only_the_latest_told_may_inhibit() -> None:
    record = [inhibited(0, "risk"), inhibited(9, "news"), inhibited(18, "message")]
    decisions = replay(record, replace(a_setting(), fired_at_most=1))
    assert decisions[-1].outcome is Outcome.NOTIFY_NOW
    assert replay(record, a_setting())[-1].reason is Reason.INHIBITED


def test_the_cap_begins_anew_on_the_recipients_own_day() -> None:
    # 12:10 in UTC is 23:10 in Noumea.
    record = [an_occurrence(at) for at in (0, 20, 60)]
    told = replay(record, a_setting(max_per_day=1, time_zone="Pacific/Noumea"))
    assert [decision.outcome for decision in told] == [
        Outcome.NOTIFY_NOW,
        Outcome.DIGEST,
        Outcome.NOTIFY_NOW,
    ]


def test_what_is_urgent_and_comes_later_is_named_the_newest_first() -> None:
    record = [an_occurrence(at, priority=priority) for at, priority in ((1, 8), (9, 5), (30, 7))]
    now = replay(record, a_setting())
    gone = replay(record, a_setting(enabled=False))
    found = later(record, now, gone)
    assert [one.event_id for one in found] == [30, 1]
    assert {one.due_then for one in found} == {None}
    assert later(record, gone, now) == []


def test_a_tried_silence_drops_what_it_matches_and_nothing_else() -> None:
    tried = ActiveSilence(silence_id=UUID(int=1), expires_at=LATER, max_priority=6)
    record = [with_subject(an_occurrence(at, priority=at)) for at in (5, 6, 7)]
    reasons = [decision.reason for decision in replay(silenced(record, tried), a_setting())]
    assert reasons == [Reason.SILENCED, Reason.SILENCED, Reason.URGENT]


def test_of_a_tried_silence_and_that_of_then_the_one_that_ends_last_counts() -> None:
    before = ActiveSilence(silence_id=UUID(int=1), expires_at=NOON + timedelta(hours=1))
    tried = ActiveSilence(silence_id=UUID(int=2), expires_at=LATER, max_priority=6)
    both = [
        replace(with_subject(an_occurrence(priority=priority)), silence=before)
        for priority in (5, 7)
    ]
    assert [one.silence for one in silenced(both, tried)] == [tried, before]
    [longer] = silenced([replace(both[0], silence=tried)], before)
    assert longer.silence == tried


def test_what_no_silence_can_look_at_is_left_as_it_was() -> None:
    tried = ActiveSilence(silence_id=UUID(int=1), expires_at=LATER)
    assert silenced([an_occurrence()], tried) == [an_occurrence()]


def test_a_batch_delays_what_is_not_urgent() -> None:
    record = [an_occurrence(0)]
    counts = figures(record, replay(record, a_setting(frequency=Frequency.BATCH)))
    assert (counts.digested, counts.median_delay_minutes) == (1, 20.0)


@thorough
@given(recordings, wishes)
def test_every_event_becomes_exactly_one_thing(record: list[Occurrence], wish: Setting) -> None:
    counts = figures(record, replay(record, wish))
    told = counts.interruptions + counts.digested + counts.deferred
    assert told + counts.dropped == len(record)
    assert sum(counts.dropped_because.values()) == counts.dropped


@thorough
@given(recordings, wishes)
def test_the_same_preferences_make_nothing_later(record: list[Occurrence], wish: Setting) -> None:
    once, again = replay(record, wish), replay(record, wish)
    assert once == again
    assert later(record, once, again) == []


@thorough
@given(recordings, wishes)
def test_the_first_decision_is_the_filters_own(record: list[Occurrence], wish: Setting) -> None:
    choosy = wish.preference.assigned_clients_only
    assert replay(record[:1], wish) == [
        decide(
            one.verdict,
            FilterContext(
                preference=wish.preference,
                fingerprint=one.fingerprint,
                silence=one.silence,
                assigned=one.assigned if choosy else None,
            ),
            one.at,
        )
        for one in record[:1]
    ]


@thorough
@given(recordings, wishes)
def test_no_day_has_more_than_is_allowed_with_what_was_put_off_to_it(
    record: list[Occurrence], wish: Setting
) -> None:
    told = [
        decision.due_at.astimezone(zone(wish.preference.time_zone)).date()
        for one, decision in zip(record, replay(record, wish), strict=True)
        if decision.outcome in {Outcome.NOTIFY_NOW, Outcome.DEFER}
        and decision.due_at is not None
        and not one.verdict.overrides_quiet_hours
    ]
    limits = (wish.preference.max_per_day, wish.preference.interruption_budget)
    most = min((limit for limit in limits if limit is not None), default=len(record))
    assert max(Counter(told).values(), default=0) <= most


@thorough
@given(recordings, wishes)
def test_nobody_is_interrupted_more_often_in_a_day_than_they_allow(
    record: list[Occurrence], wish: Setting
) -> None:
    told = [
        one
        for one, decision in zip(record, replay(record, wish), strict=True)
        if decision.outcome is Outcome.NOTIFY_NOW and not one.verdict.overrides_quiet_hours
    ]
    most = wish.preference.max_per_day
    days = (record[-1].at - record[0].at).days + 2 if record else 0
    assert most is None or len(told) <= most * days
