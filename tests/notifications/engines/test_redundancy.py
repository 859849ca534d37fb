from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.core.similarity import distance, fingerprint, similar
from apps.ingestion.types import EventKind, Fact, ProfileChange
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.redundancy import distinct_fingerprint
from apps.notifications.types import FilterContext, Outcome, Reason, Told
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    last,
    utc,
)

MAIL = Fact(kind=EventKind.EMAIL, event_type="mail")
LAPSES = NOON + timedelta(minutes=10)


def told(minutes_ago: float, bits: int = 0) -> FilterContext:
    earlier = Told(fingerprint=FINGERPRINT ^ bits, at=NOON - timedelta(minutes=minutes_ago))
    return a_context(told=(earlier,))


def test_the_same_again_is_dropped() -> None:
    decision = decide(a_verdict(), told(29), NOON)
    assert (decision.outcome, decision.reason) == (Outcome.DROP, Reason.REDUNDANT)
    assert (last(decision).inputs["age_minutes"], last(decision).margin) == (29.0, -1.0)


def test_nearly_the_same_again_is_dropped() -> None:
    assert decide(a_verdict(), told(5, bits=0b11_1111), NOON).reason == Reason.REDUNDANT


def test_an_urgent_repeat_is_dropped_too() -> None:
    assert decide(a_verdict(priority=10), told(5), NOON).reason == Reason.REDUNDANT


def test_something_else_is_told() -> None:
    assert decide(a_verdict(), told(5, bits=0b111_1111), NOON).outcome == Outcome.NOTIFY_NOW


TEXT = 0x0123_4567_89AB_CDEF


def long_told(bits: int, text: int = TEXT) -> FilterContext:
    """Told under another title; the text of both differs in `bits`."""
    earlier = Told(
        fingerprint=~FINGERPRINT,
        text_fingerprint=text,
        at=NOON - timedelta(minutes=5),
        ref=UUID(int=7),
    )
    return a_context(text_fingerprint=TEXT ^ bits, told=(earlier,))


@pytest.mark.parametrize("bits", [0, 0b11])
def test_the_same_long_text_under_another_title_is_dropped_and_names_what_it_repeats(
    bits: int,
) -> None:
    decision = decide(a_verdict(), long_told(bits), NOON)
    assert decision.reason == Reason.REDUNDANT
    assert last(decision).inputs["repeats"] == str(UUID(int=7))
    assert last(decision).inputs["told_at"] == "2026-01-12T12:05:00+00:00"


@pytest.mark.parametrize("context", [long_told(0b111), long_told(0, text=0), a_context()])
def test_another_text_or_a_short_one_under_another_title_is_told(context: FilterContext) -> None:
    assert decide(a_verdict(), context, NOON).outcome == Outcome.NOTIFY_NOW


def test_a_code_is_never_a_repeat_by_its_text_alone() -> None:
    assert decide(a_code(expires_at=LAPSES), long_told(0), NOON).reason != Reason.REDUNDANT


def test_a_repeat_is_news_once_the_window_is_over() -> None:
    assert decide(a_verdict(), told(30), NOON).outcome == Outcome.NOTIFY_NOW


def test_the_most_recent_of_several_repeats_gives_the_margin() -> None:
    several = (*told(25).told, *told(10).told, *told(5, bits=-1).told)
    assert last(decide(a_verdict(), a_context(told=several), NOON)).margin == -20.0


def test_what_was_told_last_of_the_same_meeting_is_still_a_repeat() -> None:
    context = replace(told(5), last_word=FINGERPRINT)
    assert decide(a_verdict(), context, NOON).reason == Reason.REDUNDANT


def test_a_meeting_that_has_changed_since_is_no_repeat_of_what_was_before() -> None:
    context = replace(told(5), last_word=~FINGERPRINT)
    decision = decide(a_verdict(), context, NOON)
    [step] = [step for step in decision.steps if step.code == Reason.REDUNDANT]
    assert decision.outcome == Outcome.NOTIFY_NOW
    assert explain_step(step) == "Repetition: it has changed since you were told last."


def test_contents_without_words_are_never_repeats() -> None:
    context = a_context(fingerprint=0, told=(Told(fingerprint=0, at=NOON),))
    assert decide(a_verdict(), context, NOON).outcome == Outcome.NOTIFY_NOW


def test_an_ordinary_copy_of_what_waits_for_a_digest_is_dropped() -> None:
    assert decide(a_verdict(), told(-600), NOON).reason == Reason.REDUNDANT


@pytest.mark.parametrize("minutes_ahead", [1, 600])
def test_an_urgent_thing_does_not_wait_for_its_copy_in_a_digest(minutes_ahead: float) -> None:
    assert decide(a_verdict(priority=9), told(-minutes_ahead), NOON).outcome == Outcome.NOTIFY_NOW


def test_an_urgent_repeat_of_what_waits_for_the_morning_is_dropped() -> None:
    night = utc("2026-01-12T23:10")
    waiting = Told(fingerprint=FINGERPRINT, at=utc("2026-01-13T07:00"))
    decision = decide(a_verdict(priority=9), a_night("UTC", told=(waiting,)), night)
    assert decision.reason == Reason.REDUNDANT


def test_an_urgent_thing_does_not_wait_past_the_morning_for_its_copy() -> None:
    night = utc("2026-01-12T23:10")
    waiting = Told(fingerprint=FINGERPRINT, at=utc("2026-01-13T09:00"))
    decision = decide(a_verdict(priority=9), a_night("UTC", told=(waiting,)), night)
    assert (decision.outcome, decision.due_at) == (Outcome.DEFER, utc("2026-01-13T07:00"))


def test_a_repeat_is_dropped_after_the_first_was_told_late_and_not_after_the_window() -> None:
    late = Told(fingerprint=FINGERPRINT, at=utc("2026-01-13T07:00"))
    context = a_context(told=(late,))
    assert decide(a_verdict(), context, utc("2026-01-13T07:05")).reason == Reason.REDUNDANT
    assert decide(a_verdict(), context, utc("2026-01-13T07:30")).outcome == Outcome.NOTIFY_NOW


def test_one_copy_among_a_hundred_others_is_found() -> None:
    others = tuple(Told(fingerprint=~FINGERPRINT, at=NOON) for _ in range(99))
    context = a_context(told=(*told(5).told, *others))
    step = last(decide(a_verdict(), context, NOON))
    assert (step.passed, step.inputs["compared"]) == (False, 100)


def test_the_same_code_again_is_dropped() -> None:
    assert decide(a_code(expires_at=LAPSES), told(1), NOON).reason == Reason.REDUNDANT


def test_a_code_in_almost_the_same_mail_is_told() -> None:
    decision = decide(a_code(expires_at=LAPSES), told(1, bits=1), NOON)
    assert decision.outcome == Outcome.NOTIFY_NOW


@given(st.integers(-(2**63), 2**63 - 1).filter(bool))
def test_two_codes_in_the_same_words_are_two_facts(content: int) -> None:
    first = distinct_fingerprint(MAIL, a_code("482913", expires_at=LAPSES), content)
    second = distinct_fingerprint(MAIL, a_code("482914", expires_at=LAPSES), content)
    assert not similar(first, second)
    assert -(2**63) <= first < 2**63


@given(st.integers(-(2**63), 2**63 - 1).filter(bool), st.integers(0, 63))
def test_mixing_in_the_same_code_keeps_distances(content: int, bit: int) -> None:
    other = content ^ (1 << bit)
    assume(other != 0)
    code = a_code(expires_at=LAPSES)
    mixed = distance(
        distinct_fingerprint(MAIL, code, content), distinct_fingerprint(MAIL, code, other)
    )
    assert mixed == 1


def test_a_moved_meeting_is_a_new_fact() -> None:
    content = fingerprint("Budget review with the board in the large room")
    early = Fact(kind=EventKind.CALENDAR, event_type="moved", starts_at=NOON)
    late = Fact(kind=EventKind.CALENDAR, event_type="moved", starts_at=LAPSES)
    first = distinct_fingerprint(early, a_verdict(), content)
    assert not similar(first, distinct_fingerprint(late, a_verdict(), content))


def test_a_second_change_of_one_field_is_a_new_fact() -> None:
    first, second = (
        Fact(
            kind=EventKind.PROFILE,
            event_type="changed",
            change=ProfileChange(
                person_id="7", person_name="Ana", field_id="3", field_name="Title", value=value
            ),
        )
        for value in ("CEO", "CFO")
    )
    assert not similar(
        distinct_fingerprint(first, a_verdict(), FINGERPRINT),
        distinct_fingerprint(second, a_verdict(), FINGERPRINT),
    )


def test_an_ordinary_mail_keeps_its_fingerprint() -> None:
    assert distinct_fingerprint(MAIL, a_verdict(), FINGERPRINT) == FINGERPRINT


def test_a_content_without_words_stays_without_a_fingerprint() -> None:
    assert distinct_fingerprint(MAIL, a_code(expires_at=LAPSES), 0) == 0
