from apps.classification.engines.seniority import TitleRules
from apps.classification.engines.unknown_titles import LISTED_AT_MOST, UnknownTitles, unknown_titles

RULES = TitleRules.parse({"version": "1", "csuite": ["ceo"], "vp": ["vp"]})


def told(*titles: str) -> UnknownTitles:
    return unknown_titles((RULES, title) for title in titles)


def test_a_title_of_one_person_is_told_to_nobody() -> None:
    found = told("Personal assistant of Ana Díaz")
    assert (found.unknown, found.titles, found.words, found.kept_back) == (1, (), (), 1)


def test_a_title_a_rule_knows_is_not_unknown() -> None:
    assert told("CEO", "VP Sales", "vp") == UnknownTitles(judged=3)


def test_spellings_of_one_title_count_together_most_frequent_first() -> None:
    found = told("Head of Sales", "HEAD OF SALES", "Head  of sales", "Engineer", "engineer", "Cook")
    assert found.titles == (("head of sales", 3), ("engineer", 2))
    assert (found.judged, found.unknown, found.kept_back) == (6, 6, 1)


def test_words_are_counted_once_for_each_title() -> None:
    assert told("Head Head of Sales", "Head of Growth").words == (("head", 2),)


def test_a_title_without_words_is_nothing() -> None:
    assert told("", "…", ";").unknown == 0


def test_a_long_list_ends() -> None:
    titles = [f"title{number}" for number in range(LISTED_AT_MOST + 5)] * 2
    assert len(told(*titles).titles) == LISTED_AT_MOST
