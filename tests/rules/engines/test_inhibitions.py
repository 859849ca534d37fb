from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rules.engines.inhibitions import agree, inhibited_by
from apps.rules.engines.silences import matches
from apps.rules.types import ActiveInhibition, ActiveMatchers, Equal, Fired, Subject
from tests.rules.engines.strategies import inhibitions, subjects

NOON = datetime(2026, 1, 12, 12, tzinfo=UTC)
OUTAGE = Subject(
    category="risk",
    event_type="mail",
    priority=9,
    client_id=7,
    senders=(b"status", b"@acme"),
    thread="t1",
)
COMPLAINT = Subject(
    category="message",
    event_type="mail",
    priority=5,
    client_id=7,
    senders=(b"carla", b"@acme"),
    thread="t1",
)
RISK, MESSAGE = ActiveMatchers(category="risk"), ActiveMatchers(category="message")


def an_inhibition(number: int = 1, **changes: Any) -> ActiveInhibition:
    values = {"source": RISK, "target": MESSAGE, "equal": ("client",), "window_minutes": 60}
    return ActiveInhibition(inhibition_id=UUID(int=number), **{**values, **changes})


def told(subject: Subject = OUTAGE, minutes_ago: float = 10) -> Fired:
    return Fired(subject=subject, at=NOON - timedelta(minutes=minutes_ago))


def test_nothing_is_inhibited_by_nothing_told() -> None:
    assert inhibited_by([an_inhibition()], COMPLAINT, [], NOON) is None


@pytest.mark.parametrize(
    ("fired", "subject"),
    [
        (told(replace(OUTAGE, category="news")), COMPLAINT),
        (told(), replace(COMPLAINT, category="news")),
        (told(), replace(COMPLAINT, client_id=8)),
        (told(), replace(COMPLAINT, client_id=None)),
        (told(minutes_ago=60), COMPLAINT),
    ],
    ids=["another source", "another target", "another client", "no client", "too long ago"],
)
def test_what_does_not_fit_lets_it_pass(fired: Fired, subject: Subject) -> None:
    assert inhibited_by([an_inhibition()], subject, [fired], NOON) is None


@pytest.mark.parametrize("equal", [(), ("client",), ("thread",), ("client", "thread")])
def test_what_agrees_is_inhibited_until_the_window_ends(equal: tuple[str, ...]) -> None:
    found = inhibited_by([an_inhibition(equal=equal)], COMPLAINT, [told()], NOON)
    assert found is not None
    assert found.inhibition_id == UUID(int=1)
    assert found.told_at == NOON - timedelta(minutes=10)
    assert found.until == NOON + timedelta(minutes=50)


@pytest.mark.parametrize("equal", [("sender",), ("category",), ("client", "sender")])
def test_a_sender_is_a_whole_address_and_a_category_a_word(equal: tuple[str, ...]) -> None:
    assert inhibited_by([an_inhibition(equal=equal)], COMPLAINT, [told()], NOON) is None


def test_absent_equals_empty() -> None:
    nobodys = Subject(category="risk", event_type="mail", priority=9)
    follow_up = Subject(category="message", event_type="mail", priority=5)
    everywhere = an_inhibition(equal=("client", "sender", "thread"))
    assert inhibited_by([everywhere], follow_up, [told(nobodys)], NOON) is not None


def test_what_matches_both_sides_is_not_inhibited_by_what_does_so_too() -> None:
    wide = an_inhibition(source=ActiveMatchers(min_priority=5), target=MESSAGE)
    both = replace(COMPLAINT, priority=8)
    assert inhibited_by([wide], both, [told(both)], NOON) is None
    assert inhibited_by([wide], both, [told(OUTAGE)], NOON) is not None
    assert inhibited_by([wide], replace(COMPLAINT, priority=4), [told(both)], NOON) is not None


def test_of_several_the_one_that_holds_longest_counts() -> None:
    rules = [an_inhibition(1), an_inhibition(2, window_minutes=90), an_inhibition(3, target=RISK)]
    found = inhibited_by(rules, COMPLAINT, [told(minutes_ago=30), told(minutes_ago=20)], NOON)
    assert found is not None
    assert (found.inhibition_id, found.until) == (UUID(int=2), NOON + timedelta(minutes=70))


def test_by_name_only_a_named_category_counts() -> None:
    nameless = an_inhibition(target=ActiveMatchers(event_type="mail"))
    assert inhibited_by([nameless], COMPLAINT, [told()], NOON) is not None
    assert inhibited_by([nameless], COMPLAINT, [told()], NOON, by_name=True) is None
    assert inhibited_by([an_inhibition()], COMPLAINT, [told()], NOON, by_name=True) is not None


@given(inhibitions, subjects)
def test_nothing_inhibits_itself(inhibition: ActiveInhibition, subject: Subject) -> None:
    assert inhibited_by([inhibition], subject, [told(subject, 0)], NOON) is None


@given(inhibitions, subjects, subjects)
def test_a_symmetrical_match_is_not_inhibited(
    inhibition: ActiveInhibition, one: Subject, other: Subject
) -> None:
    same = replace(inhibition, target=inhibition.source)
    assert inhibited_by([same], one, [told(other, 0)], NOON) is None


@given(inhibitions, subjects, st.lists(subjects, max_size=5))
def test_whatever_inhibits_fits_and_agrees_in_all_that_is_equal(
    inhibition: ActiveInhibition, subject: Subject, others: list[Subject]
) -> None:
    found = inhibited_by([inhibition], subject, [told(other, 0) for other in others], NOON)
    fitting = [
        other
        for other in others
        if matches(inhibition.source, other) and agree(other, subject, inhibition.equal)
    ]
    assert found is None or (matches(inhibition.target, subject) and fitting)
    one_sided = [other for other in fitting if not matches(inhibition.target, other)]
    assert found or not (matches(inhibition.target, subject) and one_sided)


@given(inhibitions, subjects, st.lists(subjects, max_size=5))
def test_asking_for_more_agreement_never_inhibits_more(
    inhibition: ActiveInhibition, subject: Subject, others: list[Subject]
) -> None:
    fired = [told(other, 0) for other in others]
    strict = replace(inhibition, equal=tuple(Equal.values))
    lax = replace(inhibition, equal=())
    found = [bool(inhibited_by([one], subject, fired, NOON)) for one in (strict, inhibition, lax)]
    assert found == sorted(found)
