import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.seniority import SeniorityChange, TitleRules, transition
from apps.classification.engines.vocabulary import document
from apps.classification.types import Level
from apps.core.errors import InvalidInput

TITLES: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "fixtures/titles/titles.json").read_text(encoding="utf-8")
)["titles"]
DEFAULTS = TitleRules.parse(document("seniority_rules"))


def rules(**changes: Any) -> dict[str, Any]:
    return {"version": "7", "csuite": ["ceo"], "vp": ["vp"]} | changes


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ([], "document"),
        ("ceo", "document"),
        (rules(cxo=["ceo"]), "document"),
        (rules(version=1), "version"),
        (rules(version=" "), "version"),
        (rules(csuite=[]), "csuite"),
        (rules(vp="vp"), "vp"),
        (rules(vp=["vp", 3]), "vp[1]"),
        (rules(vp=["vp", ""]), "vp[1]"),
        (rules(vp=["x" * 101]), "vp[0]"),
        (rules(vp=["* officer"]), "vp[0]"),
        (rules(vp=["chief *"]), "vp[0]"),
        (rules(vp=["chief * and * officer"]), "vp[0]"),
        (rules(vp=["&"]), "vp[0]"),
        (rules(vp=["CEO"]), "vp[0]"),
        (rules(exclusions=["former"]), "exclusions"),
        (rules(exclusions={"all": ["former"]}), "exclusions"),
        (rules(exclusions={"rest": ["to", None]}), "exclusions.rest[1]"),
        (rules(exclusions={"part": ["vp"]}), "exclusions.part[0]"),
        (rules(exclusions={"part": ["club"]}, neutral=["club"]), "neutral[0]"),
        (rules(vp=[f"vp{n}" for n in range(1_001)]), "document"),
    ],
)
def test_a_wrong_document_is_refused_and_the_place_named(written: Any, path: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        TitleRules.parse(written)
    assert refused.value.code == "invalid_rule"
    assert list(refused.value.fields) == [path]


@pytest.mark.parametrize("case", TITLES, ids=lambda case: ascii(case["title"]))
def test_a_title_has_its_level(case: dict[str, str]) -> None:
    assert DEFAULTS.level(case["title"]).level == case["level"]


def test_the_titles_are_many_enough_to_mean_something() -> None:
    assert len({case["title"] for case in TITLES}) >= 80


def test_a_judgement_names_the_phrase_that_decided() -> None:
    judgement = DEFAULTS.level("Senior Vice-President, Sales")
    assert (judgement.matched, judgement.excluded_by) == ("vice president", "")


def test_a_judgement_names_what_excluded_a_level() -> None:
    judgement = DEFAULTS.level("Retired CEO")
    assert (judgement.matched, judgement.excluded_by) == ("ceo", "retired")


def test_an_ordinary_title_names_nothing() -> None:
    judgement = DEFAULTS.level("Director of Sales")
    assert (judgement.matched, judgement.excluded_by) == ("", "")


def test_the_version_is_the_documents() -> None:
    assert TitleRules.parse(rules()).version == "7"


def test_operators_may_write_their_own_rules() -> None:
    own = TitleRules.parse(rules(vp=["Head of"], exclusions={"segment": ["acting"]}))
    assert own.level("Head of Product").level is Level.VP
    assert own.level("Acting Head of Product").level is Level.NONE


@pytest.mark.parametrize("title", ["chief " * 10_000, "to " * 10_000 + "ceo", "a. " * 10_000])
def test_a_hostile_title_takes_no_longer(title: str) -> None:
    started = perf_counter()
    DEFAULTS.level(title)
    assert perf_counter() - started < 0.2


@given(st.text())
def test_every_title_has_a_level(title: str) -> None:
    assert DEFAULTS.level(title).level in Level


@given(st.sampled_from(TITLES))
def test_case_and_invisible_characters_make_no_difference(case: dict[str, str]) -> None:
    hidden = "\u200b".join(case["title"].upper())
    assert DEFAULTS.level(hidden).level == case["level"]


@pytest.mark.parametrize(
    ("previous", "current", "change"),
    [
        (Level.NONE, Level.NONE, SeniorityChange.NOT_SENIOR),
        (Level.NONE, Level.VP, SeniorityChange.FIRST),
        (Level.NONE, Level.CSUITE, SeniorityChange.FIRST),
        (Level.VP, Level.NONE, SeniorityChange.REMOVED),
        (Level.VP, Level.VP, SeniorityChange.UNCHANGED),
        (Level.VP, Level.CSUITE, SeniorityChange.PROMOTION),
        (Level.CSUITE, Level.NONE, SeniorityChange.REMOVED),
        (Level.CSUITE, Level.VP, SeniorityChange.DEMOTION),
        (Level.CSUITE, Level.CSUITE, SeniorityChange.UNCHANGED),
    ],
)
def test_a_change_of_level_has_its_name(
    previous: Level, current: Level, change: SeniorityChange
) -> None:
    assert transition(previous, current) is change
