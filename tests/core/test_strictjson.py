"""Rows B16 and B19 to B28 of the bad-input catalogue, and what must never happen."""

import json
import time

import pytest

from apps.core import strictjson
from apps.core.errors import InvalidDocument, TooLarge

MEBIBYTE = 1_048_576


def refusal(body: bytes, **limits: int) -> tuple[int, str]:
    with pytest.raises((InvalidDocument, TooLarge)) as caught:
        strictjson.loads(body, **limits)
    return caught.value.status_code, caught.value.code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b'{"a": 1',
        b'{"a": "x',
        b"[" * 20,
        b'{"a": 1} x',
        b"{} {}",
        b"{'a': 1}",
        b'{"a": 1,}',
        b"[1,]",
        b"[01]",
        b'["\t"]',
        b'["a\x00b"]',
        b'["\\x41"]',
        b'["\\"]',
        b"[True]",
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_json_is_refused(body: bytes) -> None:
    assert refusal(body) == (400, "invalid_json")


@pytest.mark.parametrize(
    "body",
    [
        b'["\xff"]',
        b'["\xc3"]',
        b'["\xed\xa0\x80"]',
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-16-le"),
        '{"a": 1}'.encode("utf-16-be"),
        '{"a": 1}'.encode("utf-32"),
        '{"a": "é"}'.encode("latin-1"),
    ],
)
def test_other_encodings_than_utf_8_are_refused(body: bytes) -> None:
    assert refusal(body) == (400, "invalid_encoding")


@pytest.mark.parametrize(
    "body",
    [b"NaN", b"[Infinity]", b'{"a": -Infinity}', b"1e400", b"[-1E999]", b"1" * 5_000, b"9" * 1_001],
)
def test_numbers_that_are_none_are_refused(body: bytes) -> None:
    assert refusal(body) == (400, "invalid_number")


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**64, 10**300, -(10**300)])
def test_integers_beyond_64_bits_are_out_of_range(number: int) -> None:
    assert refusal(b'{"a": [%d]}' % number) == (422, "out_of_range")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'{"min": 10000000000000000000000000000000}', ["min"]),
        (b'{"a": {"b": [1, 9223372036854775808]}, "c": 1}', ["a.b.1"]),
        (b"9223372036854775808", ["body"]),
        (b'{"a": 9223372036854775808', []),
        (b'{"%s": 9223372036854775808}' % (b"k" * 500), []),
        (b'{"\\ud800": 9223372036854775808}', []),
        (b'{"x": true, "a": 9223372036854775808, "b": NaN}', ["a"]),
    ],
)
def test_what_is_out_of_range_is_named(body: bytes, fields: list[str]) -> None:
    with pytest.raises(InvalidDocument) as caught:
        strictjson.loads(body)
    assert caught.value.code == "out_of_range"
    assert list(caught.value.fields) == fields


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 0, -0])
def test_integers_of_64_bits_are_exact(number: int) -> None:
    assert strictjson.loads(b"%d" % number) == number


@pytest.mark.parametrize("depth", [33, 1_100, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_deep_documents_are_refused(depth: int, opening: bytes, closing: bytes) -> None:
    assert refusal(opening * depth + b"1" + closing * depth) == (400, "too_deep")


def test_depth_32_is_accepted() -> None:
    assert strictjson.loads(b"[" * 32 + b"]" * 32)


def test_many_shallow_containers_are_not_deep() -> None:
    assert strictjson.loads(b"[" + b",".join([b"[[]]"] * 100) + b"]")


def test_brackets_and_commas_inside_texts_do_not_count() -> None:
    text = '[{"\\' * 20_000
    assert strictjson.loads(json.dumps([text]).encode()) == [text]


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1," * 999_999 + b"1]",
        b"{" + b",".join(b'"%d":1' % number for number in range(90_000)) + b"}",
        b"[" + b"[]," * 10_000 + b"1]",
        b"[" + b"1," * 9_999 + b"1]",
    ],
)
def test_too_many_values_are_refused(body: bytes) -> None:
    assert refusal(body, max_bytes=4 * MEBIBYTE) == (400, "too_many_nodes")


def test_ten_thousand_values_are_accepted() -> None:
    assert strictjson.loads(b"[" + b"1," * 9_998 + b"1]") == [1] * 9_999


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 1}',
        b'[{"b": {"a": 1, "c": 2, "a": 3}}]',
        b'{"a": 1, "\\u0061": 2}',
        '{"é": 1, "e\u0301": 2}'.encode(),
    ],
)
def test_a_key_named_twice_is_refused(body: bytes) -> None:
    assert refusal(body) == (400, "duplicate_key")


@pytest.mark.parametrize(
    "body",
    [
        rb'["a\u0000b"]',
        rb'{"a\u0000": 1}',
        rb'{"a": {"b": [["\u0000"]]}}',
        rb'["\ud800"]',
        rb'["\uDFFF x"]',
        rb'["\ude00\ud83d"]',
        rb'{"\ud83dx": 1}',
    ],
)
def test_characters_that_no_database_stores_are_refused(body: bytes) -> None:
    assert refusal(body) == (422, "invalid_character")


def test_a_surrogate_pair_is_one_character() -> None:
    assert strictjson.loads(rb'["\ud83d\ude00"]') == ["\N{GRINNING FACE}"]


def test_an_escaped_backslash_before_u0000_is_only_text() -> None:
    assert strictjson.loads(rb'["\\u0000 \\ud800"]') == [r"\u0000 \ud800"]


def test_brackets_and_commas_inside_many_texts_do_not_count() -> None:
    document = [{"{[,": "]},"}] * 4_000
    assert strictjson.loads(json.dumps(document).encode()) == document


def test_prototype_keys_are_data() -> None:
    assert strictjson.loads(b'{"__proto__": {"__class__": null}}') == {
        "__proto__": {"__class__": None}
    }


def test_a_body_above_the_limit_is_too_large() -> None:
    assert refusal(b" " * 11, max_bytes=10) == (413, "payload_too_large")


def test_a_body_at_the_limit_is_read() -> None:
    assert strictjson.loads(b'"12345678"', max_bytes=10) == "12345678"


def test_a_recursion_error_becomes_too_deep_when_the_limit_is_lifted() -> None:
    body = b"[" * 200_000 + b"]" * 200_000
    assert refusal(body, max_depth=300_000, max_nodes=500_000) == (400, "too_deep")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" * MEBIBYTE, id="brackets"),
        pytest.param(b"[]" * (MEBIBYTE // 2), id="pairs"),
        pytest.param(b'"' * MEBIBYTE, id="quotes"),
        pytest.param(b'"' + b'\\"' * (MEBIBYTE // 2 - 1), id="escaped quotes"),
        pytest.param(b'["' + b"\\" * (MEBIBYTE - 2), id="backslashes"),
        pytest.param(b'["",' * (MEBIBYTE // 4), id="empty texts"),
        pytest.param(b'{"a":' * (MEBIBYTE // 5), id="objects"),
        pytest.param(b"1" * MEBIBYTE, id="digits"),
        pytest.param(b"1e" + b"9" * (MEBIBYTE - 2), id="exponent"),
        pytest.param(b" " * MEBIBYTE, id="spaces"),
    ],
)
def test_a_mebibyte_of_malice_costs_less_than_100_ms(body: bytes) -> None:
    started = time.process_time()
    status, _ = refusal(body)
    assert (status, time.process_time() - started < 0.1) == (400, True)
