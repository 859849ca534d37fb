"""What a sender is answered for the body itself: the same by the view and by the door.

The numbers are those of the bad-input catalogue (reliability.md §4).
"""

from typing import Any

import pytest

from apps.ingestion.models import RawEvent, Source
from tests.ingestion.conftest import Gate
from tests.ingestion.posting import NOTE, fresh, refusal

pytestmark = pytest.mark.processes


@pytest.fixture
def source(committed: Source) -> Source:
    return committed


BODIES: dict[str, tuple[bytes, int, str]] = {
    "empty b19": (b"", 400, "invalid_json"),
    "truncated b20": (b'{"type": "note"', 400, "invalid_json"),
    "trailing bytes b20": (b"{} {}", 400, "invalid_json"),
    "byte order mark b20": (b"\xef\xbb\xbf{}", 400, "invalid_json"),
    "single quotes b20": (b"{'type': 'note'}", 400, "invalid_json"),
    "latin-1 b21": (b'{"type": "caf\xe9"}', 400, "invalid_encoding"),
    "utf-16 b21": ('{"type": "note"}'.encode("utf-16-le"), 400, "invalid_encoding"),
    "nan b22": (b'{"a": NaN}', 400, "invalid_number"),
    "infinity b22": (b'{"a": -Infinity}', 400, "invalid_number"),
    "1e400 b22": (b'{"a": 1e400}', 400, "invalid_number"),
    "5 000 digits b23": (b'{"a": ' + b"9" * 5_000 + b"}", 400, "invalid_number"),
    "2^63 b23": (b'{"a": 9223372036854775808}', 422, "out_of_range"),
    "depth 33 b24": (b"[" * 33 + b"]" * 33, 400, "too_deep"),
    "depth 100 000 b24": (b"[" * 100_000 + b"]" * 100_000, 400, "too_deep"),
    "a million values b25": (b"[" + b"1," * 500_000 + b"1]", 400, "too_many_nodes"),
    "a key twice b26": (b'{"a": 1, "a": 2}', 400, "duplicate_key"),
    "a nested key twice b26": (b'{"a": {"b": 1, "b": 2}}', 400, "duplicate_key"),
    "nul b27": (b'{"a": "\\u0000"}', 422, "invalid_character"),
    "nul in a key b27": (b'{"\\u0000": 1}', 422, "invalid_character"),
    "half a surrogate b28": (b'{"a": "\\ud800"}', 422, "invalid_character"),
    "half a surrogate in a key b28": (b'{"\\udfff": 1}', 422, "invalid_character"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_good_json_is_named_for_what_is_wrong(
    gate: Gate, source: Source, name: str
) -> None:
    body, status, code = BODIES[name]
    assert refusal(gate, fresh(source, body=body)) == (status, code)


SHAPES: dict[str, tuple[Any, str]] = {
    "a list b29": ([], "schema_invalid"),
    "a text b29": ("x", "schema_invalid"),
    "a number b29": (1, "schema_invalid"),
    "null b29": (None, "schema_invalid"),
    "no type b30": ({"data": {}}, "schema_invalid"),
    "no data b30": ({"type": "note"}, "schema_invalid"),
    "a number for text b30": ({"type": 1.5, "data": {}}, "schema_invalid"),
    "an object for text b30": ({**NOTE, "user": {}}, "schema_invalid"),
    "true for text b30": ({**NOTE, "user": True}, "schema_invalid"),
    "a type with blanks b30": ({**NOTE, "type": "a b"}, "schema_invalid"),
    "naive time b31": ({**NOTE, "timestamp": "2026-03-04T12:00:00"}, "invalid_datetime"),
    "year 0 b31": ({**NOTE, "timestamp": "0000-01-01T00:00:00Z"}, "invalid_datetime"),
    "year 10000 b31": ({**NOTE, "timestamp": "10000-01-01T00:00:00Z"}, "invalid_datetime"),
    "30 February b31": ({**NOTE, "timestamp": "2026-02-30T00:00:00Z"}, "invalid_datetime"),
    "far future b31": ({**NOTE, "timestamp": "2999-01-01T00:00:00Z"}, "invalid_datetime"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_signed_body_of_the_wrong_shape_is_refused_and_kept(
    gate: Gate, source: Source, name: str
) -> None:
    document, code = SHAPES[name]
    kept = RawEvent.objects.filter(source=source, state=RawEvent.State.QUARANTINED, reason=code)
    before = kept.count()
    assert refusal(gate, fresh(source, document)) == (422, code)
    assert kept.count() == before + 1


HARMLESS: dict[str, Any] = {
    "an unknown type b30": {"type": "never.heard.of", "data": {}},
    "utc+14 b31": {**NOTE, "timestamp": "2026-03-04T12:00:00+14:00"},
    "an unknown person b32": {**NOTE, "user": "nobody-we-know"},
    "long content b33": {"type": "note", "data": {"body": "x" * 900_000}},
    "invisible signs b34": {"type": "note", "data": {"title": "C\u0415O \u200b\u202e\U0001f680"}},
    "a formula b35": {"type": "note", "data": {"title": "=cmd|'/C calc'!A1"}},
    "markup b35": {"type": "note", "data": {"title": "<script>{{7*7}}</script>"}},
    "sql b35": {"type": "note", "data": {"title": "'; DROP TABLE users; --"}},
    "a header b36": {"type": "note", "data": {"title": "a\r\nBcc: all@example.com"}},
    "prototype keys b38": {"type": "note", "data": {"__proto__": 1, "constructor": 2}},
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_strange_but_well_formed_is_accepted(gate: Gate, source: Source, name: str) -> None:
    assert gate(fresh(source, HARMLESS[name])).status == 202
