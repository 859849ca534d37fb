from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.answers import Opinion, UnreadableAnswer
from apps.classification.engines.bounds import HIGH, MEDIUM, bound, fallback
from apps.classification.engines.hidden_text import flagged
from apps.classification.types import (
    Category,
    Method,
    RiskLevel,
    SecurityCode,
    Signal,
    Urgency,
    Verdict,
)

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
CODE = SecurityCode(value="123456", expires_at=NOW + timedelta(minutes=10))
PLAIN = Verdict(
    priority=4,
    category=Category.MESSAGE,
    relevance=0.5,
    confidence=0.5,
    method=Method.RULES,
    reason="A message without anything special.",
    signals=(Signal(code="default"),),
)
URGENT = replace(PLAIN, priority=7, relevance=0.8, action_required=True)
KEYWORD = replace(PLAIN, priority=9, relevance=0.8, method=Method.FAST_PATH, reason="A keyword.")
VIP = replace(KEYWORD, priority=7, vip=True, reason="Boris is on your VIP list.")
SECRET = replace(
    KEYWORD, category=Category.SECURITY_CODE, code=CODE, overrides_quiet_hours=True, relevance=1.0
)
LAPSED = replace(SECRET, priority=1, relevance=0.0, overrides_quiet_hours=False)
NEWSLETTER = replace(PLAIN, priority=2, category=Category.NEWSLETTER, confidence=0.75)
HIDING = flagged(PLAIN, removed=("hidden_element", "zero_font"))
COMMANDING = flagged(PLAIN, removed=("orders", "preheader"))
EVERYTHING = Opinion(
    priority=10,
    category=Category.RISK,
    relevance=1.0,
    confidence=1.0,
    reason="Your account is locked, sign in at https://evil.example now.",
    action_required=True,
    sentiment=-1.0,
    risk=RiskLevel.HIGH,
    suggested_action="Open https://evil.example",
)
NOTHING = Opinion(
    priority=1,
    category=Category.NEWSLETTER,
    relevance=0.0,
    confidence=1.0,
    reason="Nothing to see here.",
)
RULES = [PLAIN, URGENT, KEYWORD, VIP, SECRET, LAPSED, NEWSLETTER]

verdicts = st.builds(
    Verdict,
    priority=st.integers(1, 10),
    category=st.sampled_from(Category),
    relevance=st.floats(0, 1),
    confidence=st.floats(0, 1),
    method=st.sampled_from([Method.RULES, Method.FAST_PATH]),
    reason=st.just("A rule."),
    code=st.sampled_from([None, CODE]),
    vip=st.booleans(),
    overrides_quiet_hours=st.booleans(),
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
opinions = st.builds(
    Opinion,
    priority=st.integers(),
    category=st.sampled_from(Category),
    relevance=numbers,
    confidence=numbers,
    reason=st.text(),
    action_required=st.booleans(),
    sentiment=numbers,
    risk=st.sampled_from(RiskLevel),
    suggested_action=st.text(),
)


@pytest.mark.parametrize("name", ["priority", "relevance", "confidence", "sentiment"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_refused(name: str, value: float) -> None:
    with pytest.raises(UnreadableAnswer):
        bound(PLAIN, replace(EVERYTHING, **{name: value}), known_sender=True)  # type: ignore[arg-type]  # the names are numbers'


@given(rules=verdicts, opinion=opinions, known=st.booleans())
def test_whatever_a_model_says_stays_in_bounds(
    rules: Verdict, opinion: Opinion, known: bool
) -> None:
    verdict = bound(rules, opinion, known_sender=known)
    assert 1 <= verdict.priority <= 10
    assert 0 <= verdict.relevance <= 1
    assert 0 <= verdict.confidence <= 1
    assert -1 <= verdict.sentiment <= 1
    assert max(len(verdict.reason), len(verdict.suggested_action)) <= 300
    kept = ("overrides_quiet_hours", "vip", "code", "expires_at")
    assert [getattr(verdict, name) for name in kept] == [getattr(rules, name) for name in kept]
    assert (verdict.category is Category.SECURITY_CODE) == (
        rules.category is Category.SECURITY_CODE
    )
    assert verdict.method is Method.LLM


@given(rules=verdicts, opinion=opinions, known=st.booleans())
def test_a_deterministic_rule_is_a_floor(rules: Verdict, opinion: Opinion, known: bool) -> None:
    certain = replace(rules, method=Method.FAST_PATH)
    verdict = bound(certain, opinion, known_sender=known)
    assert verdict.priority >= certain.priority
    assert verdict.relevance >= certain.relevance
    assert verdict.category is certain.category


@given(rules=verdicts, opinion=opinions)
def test_an_unknown_sender_is_never_made_critical(rules: Verdict, opinion: Opinion) -> None:
    verdict = bound(rules, opinion, known_sender=False)
    assert verdict.priority <= max(HIGH, rules.priority)


@pytest.mark.parametrize(
    ("rules", "known", "priority"),
    [
        (PLAIN, False, HIGH),
        (PLAIN, True, 10),
        (URGENT, False, HIGH),
        (VIP, True, HIGH),
        (KEYWORD, True, 9),
        (SECRET, True, 9),
        (LAPSED, True, 1),
        (NEWSLETTER, True, MEDIUM),
        (HIDING, False, HIGH),
        (COMMANDING, True, MEDIUM),
        (replace(KEYWORD, signals=COMMANDING.signals), True, 9),
    ],
)
def test_a_hijacked_model_cannot_shout(rules: Verdict, known: bool, priority: int) -> None:
    verdict = bound(rules, EVERYTHING, known_sender=known)
    assert verdict.priority == priority
    assert "evil.example" not in verdict.reason + verdict.suggested_action
    assert verdict.overrides_quiet_hours == rules.overrides_quiet_hours


@pytest.mark.parametrize(
    ("rules", "priority", "relevance", "category"),
    [
        (PLAIN, 1, 0.0, Category.NEWSLETTER),
        (URGENT, 4, 0.4, Category.MESSAGE),
        (KEYWORD, 9, 0.8, Category.MESSAGE),
        (VIP, 7, 0.8, Category.MESSAGE),
        (SECRET, 9, 1.0, Category.SECURITY_CODE),
    ],
)
def test_a_hijacked_model_cannot_silence(
    rules: Verdict, priority: int, relevance: float, category: Category
) -> None:
    verdict = bound(rules, NOTHING, known_sender=False)
    assert (verdict.priority, verdict.relevance, verdict.category) == (
        priority,
        relevance,
        category,
    )


def test_critical_wording_sinks_to_high_at_most() -> None:
    verdict = bound(replace(URGENT, priority=9), NOTHING, known_sender=True)
    assert verdict.urgency is Urgency.HIGH


def test_a_rule_s_words_stand_and_a_model_adds_to_them() -> None:
    verdict = bound(VIP, EVERYTHING, known_sender=True)
    assert verdict.reason == "Boris is on your VIP list."
    assert (verdict.action_required, verdict.risk) == (True, RiskLevel.HIGH)


def test_a_model_s_reading_replaces_mere_wording() -> None:
    opinion = replace(EVERYTHING, priority=6, reason="They\nmerge.", suggested_action="Call.")
    verdict = bound(PLAIN, opinion, known_sender=True)
    assert (verdict.priority, verdict.category, verdict.reason) == (6, Category.RISK, "They merge.")
    assert verdict.suggested_action == "Call."


def test_an_empty_reason_leaves_the_rule_s() -> None:
    verdict = bound(PLAIN, replace(EVERYTHING, reason="\u200b \n"), known_sender=True)
    assert verdict.reason == PLAIN.reason


def test_a_link_of_the_message_survives() -> None:
    opinion = replace(EVERYTHING, reason="See https://ok.example.")
    verdict = bound(PLAIN, opinion, known_sender=True, source="at https://ok.example, Boris")
    assert verdict.reason == "See https://ok.example."


def test_the_signals_say_what_was_bounded_and_nothing_a_model_wrote() -> None:
    verdict = bound(PLAIN, EVERYTHING, known_sender=False)
    assert verdict.signals == (
        Signal(code="default"),
        Signal(code="model_bounded", detail="priority 10 to 8, reason, suggested_action"),
    )


def test_an_opinion_within_bounds_leaves_a_signal_too() -> None:
    opinion = replace(NOTHING, category=Category.MESSAGE)
    verdict = bound(PLAIN, opinion, known_sender=True)
    assert verdict.signals[-1] == Signal(code="model")


@pytest.mark.parametrize("rules", RULES)
def test_a_fallback_changes_nothing_but_its_story(rules: Verdict) -> None:
    verdict = fallback(rules, "timeout")
    changed = {
        field.name
        for field in fields(Verdict)
        if getattr(verdict, field.name) != getattr(rules, field.name)
    }
    assert changed == {"method", "signals"}
    assert verdict.method is Method.FALLBACK
    assert verdict.signals == (*rules.signals, Signal(code="fallback", detail="timeout"))
