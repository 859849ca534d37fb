from apps.classification.engines.unknown_words import (
    LISTED_AT_MOST,
    Passage,
    UnknownWords,
    name_words,
    unknown_words,
)
from apps.core.identifiers import uuid7
from apps.rules.engines.keywords import KeywordSet
from apps.rules.types import KeywordEntry

NONE = KeywordSet.compile(())
ORDINARY = [f"the weather is mild and the canteen has soup, day {day}" for day in range(30)]


def keywords(*patterns: str) -> KeywordSet:
    return KeywordSet.compile(
        tuple(
            KeywordEntry(rule_id=uuid7(), pattern=pattern, is_regex=False, priority=7, category="")
            for pattern in patterns
        )
    )


def passages(*texts: str, rules: KeywordSet = NONE, sender: str = "") -> list[Passage]:
    return [
        Passage(text=text, sender=sender or f"sender{index}", keywords=rules)
        for index, text in enumerate(texts)
    ]


def told(
    *texts: str, rules: KeywordSet = NONE, sender: str = "", private: frozenset[str] = frozenset()
) -> UnknownWords:
    raised = passages(*texts, rules=rules, sender=sender)
    return unknown_words(raised, passages(*ORDINARY), private=private)


def words(found: UnknownWords) -> list[str]:
    return [one.words for one in found.words]


def test_what_two_events_say_is_told_to_nobody() -> None:
    assert words(told("the boiler leaks", "the boiler smokes", "the roof is fine")) == []


def test_what_one_sender_says_is_kept_back() -> None:
    found = told("boiler", "boiler", "boiler", sender="one")
    assert (found.words, found.kept_back) == ((), 1)


def test_a_name_is_kept_back_however_it_is_written() -> None:
    texts = ("ask dana now", "ask dana soon", "where is dana")
    assert "dana" in words(told(*texts))
    found = told(*texts, private=name_words(["Dana Díaz <dana.diaz@acme.example>"]))
    assert "dana" not in " ".join(words(found))


def test_a_word_that_is_mostly_capital_may_be_a_name() -> None:
    found = told("We saw Müller", "He met Müller", "So said müller")
    assert "müller" not in " ".join(words(found))
    assert found.kept_back >= 1


def test_numbers_and_addresses_are_no_words() -> None:
    found = told(*["pay 4711 to bob@acme.example or acme.example/pay or AB12cd"] * 3)
    assert not {"bob", "acme", "example", "ab", "cd"} & set(" ".join(words(found)).split())


def test_a_word_of_a_keyword_rule_is_no_news() -> None:
    texts = ("boiler smoke", "boiler noise", "boiler heat")
    assert words(told(*texts)) == ["boiler"]
    assert words(told(*texts, rules=keywords("boiler"))) == []


def test_a_word_only_some_have_a_rule_for_is_counted_for_the_others() -> None:
    raised = passages("boiler a", "boiler b", "boiler c") + passages(
        "boiler d", "boiler e", rules=keywords("boiler")
    )
    [found] = unknown_words(raised, passages(*ORDINARY), private=frozenset()).words
    assert found.events == 3


def test_a_word_of_our_own_lists_is_no_news() -> None:
    assert words(told(*["lawsuit", "password", "urgent", "unsubscribe"] * 3)) == []


def test_what_ordinary_events_say_as_often_is_no_news() -> None:
    assert words(told("the weather", "the weather", "the weather", "mild")) == []


def test_the_most_telling_comes_first_with_how_much_more_frequent_it_is() -> None:
    texts = ["boiler smoke", "boiler noise", "boiler heat", "boiler", "canteen", "pump", "pump"]
    first, second = told(*texts, "pump").words
    assert (first.words, first.events, second.words) == ("boiler", 4, "pump")
    assert first.times > second.times > 3


def test_a_phrase_stands_for_its_words_and_takes_no_common_one() -> None:
    found = told("the term sheet now", "a term sheet came", "one Term sheet", "the term sheet,")
    assert words(found) == ["term sheet"]


def test_a_mark_parts_a_phrase() -> None:
    assert words(told(*["term, sheet"] * 3)) == ["sheet", "term"]


def test_without_ordinary_events_there_is_nothing_to_compare() -> None:
    raised = passages("the boiler", "the boiler", "the boiler")
    assert unknown_words(raised, [], private=frozenset()).words == ()


def test_a_long_list_ends() -> None:
    text = ", ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60))
    assert len(told(text, text, text).words) == LISTED_AT_MOST


def test_a_text_without_words_and_a_huge_one_break_nothing() -> None:
    assert words(told("", "…", "\ud800", "x" * 1_000_000)) == []
