import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidDocument
from apps.core.hashing import canonical_json, content_digest, digest

PART = st.none() | st.text(max_size=4) | st.binary(max_size=4) | st.integers()
PARTS = st.lists(PART, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a", ""), ("a",)),
        ((None,), ("",)),
        ((1,), ("1",)),
        ((b"a",), ("a",)),
        (("a", None), (None, "a")),
        ((), ("",)),
        ((12, 3), (1, 23)),
        (("s1:a",), ("s", "a")),
    ],
)
def test_different_parts_have_different_digests(
    one: tuple[str | None, ...], other: tuple[str | None, ...]
) -> None:
    assert digest(*one) != digest(*other)


@given(PARTS, PARTS)
def test_digests_are_equal_exactly_when_the_parts_are(
    one: list[str | bytes | int | None], other: list[str | bytes | int | None]
) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_a_digest_has_32_bytes_and_never_changes() -> None:
    assert digest("a", 1, None).hex() == (
        "2465b9e169b7f7f06fb1ad383268a37651f075bc59cab369fef792f805398a48"
    )


def test_half_a_surrogate_pair_has_a_digest_too() -> None:
    assert digest("\ud800") != digest("\ud801")


def test_canonical_json_ignores_the_order_of_keys() -> None:
    assert canonical_json({"b": [1, {"d": 2, "c": 3}], "a": "x y"}) == (
        b'{"a":"x y","b":[1,{"c":3,"d":2}]}'
    )


def test_canonical_json_composes_keys_and_leaves_values_alone() -> None:
    assert canonical_json({"e\u0301": ["e\u0301"]}) == '{"\u00e9":["e\u0301"]}'.encode()


def test_canonical_json_refuses_keys_that_become_one() -> None:
    with pytest.raises(InvalidDocument, match="twice"):
        canonical_json({"e\u0301": 1, "\u00e9": 2})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_canonical_json_refuses_what_is_no_json(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json([number])


@pytest.mark.parametrize(
    "same", ["budget review", "  Budget\n\tREVIEW ", "BUDGET\u00a0review", "budget review\r\n"]
)
def test_content_is_equal_whatever_its_case_and_whitespace(same: str) -> None:
    assert content_digest(same) == content_digest("Budget review")


def test_content_is_equal_however_it_is_composed() -> None:
    assert content_digest("Caf\u00e9") == content_digest("CAFE\u0301")


@pytest.mark.parametrize("other", ["budgetreview", "budget review!", ""])
def test_other_content_has_another_digest(other: str) -> None:
    assert content_digest(other) != content_digest("Budget review")
