from time import perf_counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.rules.engines.keywords import KeywordSet, check_pattern
from apps.rules.types import KeywordEntry, KeywordHit


def entry(pattern: str, *, is_regex: bool = False, rule_id: int = 1) -> KeywordEntry:
    return KeywordEntry(
        rule_id=UUID(int=rule_id), pattern=pattern, is_regex=is_regex, priority=7, category="risk"
    )


def found(pattern: str, text: str, *, is_regex: bool = False) -> bool:
    return bool(KeywordSet.compile([entry(pattern, is_regex=is_regex)]).match(text))


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * 501, "longer than 500"),
        ("(?=x)", "RE2"),
        (r"(a)\1", "RE2"),
        ("x{5000}", "RE2"),
        ("[", "RE2"),
        ("\\", "RE2"),
        (r"\pL{999}", "RE2"),
        ("\ud800", "RE2"),
        ("a*", "empty text"),
        ("^", "empty text"),
        (".", "every message"),
        (r"\w", "every message"),
        ("[^q]", "every message"),
        (r"\b", "every message"),
        ("(?s).{100}", "every message"),
    ],
)
def test_a_useless_regex_is_refused_with_its_reason(pattern: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_pattern(pattern, is_regex=True)
    assert refused.value.code == "invalid_regex"
    assert told in refused.value.fields["pattern"]


@pytest.mark.parametrize("words", ["", " \n ", "x" * 501, "\ud800"])
def test_useless_words_are_refused(words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_pattern(words, is_regex=False)
    assert refused.value.code == "invalid_regex"


@pytest.mark.parametrize(
    ("pattern", "is_regex"),
    [("(a+)+$", True), ("invoice|rechnung", True), (r"\pLement", True), ("(", False), ("e", False)],
)
def test_an_ordinary_pattern_is_accepted(pattern: str, is_regex: bool) -> None:
    check_pattern(pattern, is_regex=is_regex)
    assert KeywordSet.compile([entry(pattern, is_regex=is_regex)]).match("1 2 3") == ()


@pytest.mark.parametrize("bad", [entry("(", is_regex=True), entry("  "), entry("\ud800")])
def test_one_bad_pattern_spoils_a_list(bad: KeywordEntry) -> None:
    with pytest.raises(InvalidInput) as refused:
        KeywordSet.compile([entry("fine"), bad])
    assert refused.value.code == "invalid_regex"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("intern", "International sales"),
        ("élan", "élans"),
        ("lan", "élan"),
        ("кот", "который"),
        ("board meeting", "board meetings"),
        ("C++", "C++11"),
        ("a.c", "abc"),
        ("कर", "करो"),
    ],
)
def test_words_are_not_found_inside_other_words(words: str, text: str) -> None:
    assert not found(words, text)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("intern", "An INTERN joined."),
        ("élan", "“Élan”"),
        ("élan", "e\u0301lan"),
        ("кот", "Кот, пёс"),
        ("board meeting", "Board\n  MEETING\u2014now"),
        ("C++", "C, C++."),
        ("請求書", "この請求書をご確認ください"),
        ("कर", "कर।"),
        ("отчёт", "(отчёт)"),
        ("urgent", "\ud800 urgent"),
    ],
)
def test_whole_words_are_found_in_every_script(words: str, text: str) -> None:
    assert found(words, text)


def test_a_regex_is_found_in_any_case() -> None:
    assert found(r"inv-\d+", "See INV-204.", is_regex=True)


def test_every_entry_that_matches_is_told_in_the_order_given() -> None:
    keywords = KeywordSet.compile(
        [entry("risk", rule_id=1), entry("never", rule_id=2), entry(r"ris.", is_regex=True)]
    )
    hit = KeywordHit(rule_id=UUID(int=1), label="risk", priority=7, category="risk")
    assert keywords.match("A risk.")[0] == hit
    assert [found.label for found in keywords.match("A risk.")] == ["risk", "ris."]


def test_an_empty_list_finds_nothing() -> None:
    assert KeywordSet.compile([]).match("anything") == ()


def test_two_hundred_patterns_fit_into_one_set() -> None:
    keywords = KeywordSet.compile([entry(f"wört{n}", rule_id=n) for n in range(200)])
    assert [hit.rule_id.int for hit in keywords.match("WÖRT7 and wört199")] == [7, 199]


@pytest.mark.parametrize("text", ["a" * 10**6, "a" * 10**6 + "!", "ab" * 500_000])
def test_a_pattern_made_to_backtrack_stays_fast(text: str) -> None:
    keywords = KeywordSet.compile([entry("(a+)+$", is_regex=True)])
    started = perf_counter()
    keywords.match(text)
    assert perf_counter() - started < 1.0


@given(st.text().filter(str.strip), st.text())
def test_no_words_and_no_text_break_the_engine(words: str, text: str) -> None:
    assert len(KeywordSet.compile([entry(words)]).match(text)) <= 1


@given(st.text(alphabet="abcdefghij", min_size=1), st.sampled_from(["", " ", ", ", "\n", "\u00a0"]))
def test_words_between_any_edges_are_found(word: str, edge: str) -> None:
    assert found(word, f"{edge}{word}{edge}")
