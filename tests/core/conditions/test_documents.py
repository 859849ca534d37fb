"""Row B58: what a rule may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Leaf,
    Not,
    Operator,
    parse,
    to_document,
)
from apps.core.errors import InvalidInput
from apps.core.json_types import Json
from tests.core.conditions.strategies import DOCUMENTS, leaf


def refusal(document: Json) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as caught:
        parse(document)
    assert caught.value.status_code == 422
    (place,) = caught.value.fields
    return caught.value.code, place


def nested(levels: int) -> Json:
    document: Json = leaf()
    for _ in range(levels - 1):
        document = {"not": document}
    return document


@pytest.mark.parametrize(
    "document",
    [
        None,
        1,
        "gt",
        [],
        {},
        {"all": [], "any": []},
        {"field": "a", "op": "gt"},
        {"field": "a", "op": "gt", "value": 1, "extra": 1},
        {"none": [{"field": "a", "op": "gt", "value": 1}]},
    ],
)
def test_what_is_no_condition_is_refused_at_its_root(document: Json) -> None:
    assert refusal(document) == ("invalid_rule", "condition")


@pytest.mark.parametrize("word", ["all", "any"])
@pytest.mark.parametrize("content", [[], {}, None, "x", 1])
def test_an_empty_group_is_refused(word: str, content: Json) -> None:
    assert refusal({word: content}) == ("invalid_rule", f"condition.{word}")


@pytest.mark.parametrize("field", ["", ".", "a.", ".a", "a..b", "a\n", "x" * 201, None, 1, ["a"]])
def test_a_field_without_a_name_is_refused(field: Json) -> None:
    assert refusal(leaf(field=field)) == ("invalid_rule", "condition.field")


@pytest.mark.parametrize("op", ["", "GT", "=", ">", "between", None, 1, ["gt"], {"gt": 1}])
def test_an_unknown_operator_is_refused(op: Json) -> None:
    assert refusal(leaf(op=op)) == ("invalid_rule", "condition.op")


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("gt", True),
        ("gte", None),
        ("lt", [1]),
        ("lte", {}),
        ("gt", float("nan")),
        ("eq", float("inf")),
        ("eq", []),
        ("neq", {"a": 1}),
        ("eq", "x" * 1_001),
        ("contains", ""),
        ("contains", None),
        ("contains", ["a"]),
        ("matches", ""),
        ("matches", 5),
        ("matches", None),
    ],
)
def test_a_value_that_an_operator_cannot_use_is_refused(op: str, value: Json) -> None:
    assert refusal(leaf(op=op, value=value)) == ("invalid_rule", "condition.value")


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)", "(?!a)", "(?<=a)b", r"(a)\1", "(", "[a", "*", "x{1001}", "a" * 501, "(?P<n>a)(?P=n)"],
)
def test_a_pattern_that_re2_does_not_know_is_refused(pattern: str) -> None:
    document = leaf(op="matches", value=pattern)
    assert refusal(document) == ("invalid_regex", "condition.value")


@pytest.mark.parametrize("pattern", ["(a+)+$", r"(?i)\bvp\b", r"\pL+", "a" * 500, "^$"])
def test_a_pattern_that_is_safe_in_re2_is_accepted(pattern: str) -> None:
    assert isinstance(parse(leaf(op="matches", value=pattern)), Leaf)


def test_half_a_surrogate_pair_is_no_pattern() -> None:
    assert refusal(leaf(op="matches", value="\ud800")) == ("invalid_regex", "condition.value")


def test_a_fault_is_named_by_its_place() -> None:
    document: Json = {"all": [leaf(), {"any": [leaf(), {"not": leaf(op="gtx")}]}]}
    assert refusal(document) == ("invalid_rule", "condition.all[1].any[1].not.op")


def test_nine_levels_are_refused() -> None:
    assert refusal(nested(9)) == ("invalid_rule", "condition" + ".not" * 8)


def test_ten_thousand_levels_are_refused() -> None:
    assert refusal(nested(10_000)) == ("invalid_rule", "condition" + ".not" * 8)


def test_eight_levels_are_accepted() -> None:
    assert isinstance(parse(nested(8)), Not)


@pytest.mark.parametrize("groups", [[101], [50, 51], [1] * 101])
def test_more_than_a_hundred_leaves_are_refused(groups: list[int]) -> None:
    document: Json = {"any": [{"all": [leaf()] * size} for size in groups]}
    assert refusal(document)[0] == "invalid_rule"


def test_a_hundred_leaves_are_accepted() -> None:
    assert isinstance(parse({"any": [leaf()] * 100}), AnyOf)


def test_a_document_becomes_a_frozen_tree() -> None:
    expected: Condition = AllOf(
        conditions=(
            Leaf(field="a.b", op=Operator.GT, value=3, path=("a", "b")),
            Not(condition=Leaf(field="c", op=Operator.EQ, value=None, path=("c",))),
        )
    )
    document: Json = {
        "all": [
            {"field": "a.b", "op": "gt", "value": 3},
            {"not": {"field": "c", "op": "eq", "value": None}},
        ]
    }
    assert parse(document) == expected


@given(DOCUMENTS)
def test_a_condition_written_and_read_again_is_the_same(document: Json) -> None:
    condition = parse(document)
    assert to_document(condition) == document
    assert parse(to_document(condition)) == condition


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text("xyz", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["all", "any", "not", "field", "op", "value"]), inner)
        ),
        max_leaves=12,
    )
)
def test_any_other_json_is_refused_as_a_rule(document: Json) -> None:
    assert refusal(document)[0] in {"invalid_rule", "invalid_regex"}
