from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.classification.engines.scoring import Scored, score
from apps.classification.types import Urgency

URGENCIES = st.sampled_from(Urgency.values)
CASES = st.lists(
    st.builds(
        Scored,
        expected_urgency=st.sampled_from(["", *Urgency.values]),
        expected_category=st.sampled_from(["", "news"]),
        urgency=URGENCIES,
        category=st.sampled_from(["news", "message"]),
        confidence=st.floats(0, 1),
        model=st.sampled_from([None, True, False]),
    )
)


def case(expected: str = "low", said: str = "low", **values: Any) -> Scored:
    given_values = {"expected_category": "", "category": "news", "confidence": 0.5, **values}
    return Scored(expected_urgency=expected, urgency=said, **given_values)


def test_no_case_is_neither_good_nor_bad() -> None:
    assert score([]).accuracy is None
    assert score([]).calibration == ()


def test_what_nobody_called_wrong_is_no_demand() -> None:
    scores = score([case(expected="", said="high", expected_category="news")])
    assert (scores.accuracy, scores.urgency_accuracy, scores.confusion) == (1.0, None, {})


def test_a_case_is_right_only_as_a_whole() -> None:
    scores = score([case(expected_category="legal")])
    assert (scores.accuracy, scores.urgency_accuracy, scores.category_accuracy) == (0.0, 1.0, 0.0)


def test_the_confusion_table_says_what_was_taken_for_what() -> None:
    scores = score([case(), case(said="high"), case(said="high")])
    assert scores.confusion == {("low", "low"): 1, ("low", "high"): 2}


def test_calibration_compares_what_was_stated_with_what_was_right() -> None:
    [unsure, sure] = score(
        [case(confidence=0.55), case(confidence=0.59, said="high"), case(confidence=1.0)]
    ).calibration
    assert (unsure.floor, unsure.cases, unsure.stated, unsure.right) == (0.5, 2, 0.57, 0.5)
    assert (sure.floor, sure.cases, sure.stated, sure.right) == (0.9, 1, 1.0, 1.0)


@pytest.mark.parametrize(
    ("said", "model", "who"),
    [
        ("low", True, {"both": 1}),
        ("low", False, {"rules": 1}),
        ("high", True, {"model": 1}),
        ("high", False, {"neither": 1}),
        ("low", None, {}),
    ],
)
def test_rules_and_model_are_held_against_the_same_demand(
    said: str, model: bool | None, who: dict[str, int]
) -> None:
    assert score([case(said=said, model=model)]).versus_model == who


@given(CASES)
def test_every_case_is_counted_once(cases: list[Scored]) -> None:
    scores = score(cases)
    assert sum(found.cases for found in scores.calibration) == len(cases)
    assert sum(scores.confusion.values()) == sum(bool(c.expected_urgency) for c in cases)
    assert sum(scores.versus_model.values()) == sum(c.model is not None for c in cases)
