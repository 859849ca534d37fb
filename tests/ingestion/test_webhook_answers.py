"""What a sender is answered, whatever it sends: the same by the view and by the door.

The numbers are those of the bad-input catalogue (reliability.md §4).
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apps.ingestion.models import RawEvent, Source
from tests.ingestion.conftest import Gate
from tests.ingestion.posting import Letter, letter

pytestmark = pytest.mark.processes

NOTE = {"type": "note", "data": {"title": "Hello"}}
OTHER_SECRET = "whsec_YW5vdGhlciBzZWNyZXQsIG9ubHkgZm9yIHRoZXNlIHRlc3Rz"
MEBIBYTE = 1_048_576

SIGNATURE = "webhook-signature"
TIMESTAMP = "webhook-timestamp"
MESSAGE_ID = "webhook-id"


@pytest.fixture
def source(committed: Source) -> Source:
    return committed


def fresh(source: Source, document: Any = NOTE, **values: Any) -> Letter:
    """A letter under an id of its own."""
    return letter(source, document, **{"message_id": f"msg_{uuid.uuid4().hex}", **values})


def without(sent: Letter, name: str) -> Letter:
    return replace(sent, headers={k: v for k, v in sent.headers.items() if k != name})


def with_header(sent: Letter, name: str, value: str) -> Letter:
    return replace(sent, headers={**sent.headers, name: value})


def refusal(gate: Gate, sent: Letter, method: str = "POST") -> tuple[int, str]:
    """Status and code; a refusal is problem+json, names its request and never echoes input."""
    answer = gate(sent, method=method)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["status"] == answer.status
    assert uuid.UUID(answer.body["request_id"])
    assert "Traceback" not in str(answer.body)
    return answer.status, answer.body["code"]


def test_a_signed_body_is_accepted(gate: Gate, source: Source) -> None:
    answer = gate(fresh(source))
    assert answer.status == 202
    assert answer.body["status"] == "accepted"
    assert answer.body["duplicate"] is False
    assert RawEvent.objects.filter(correlation_id=answer.body["event_id"]).exists()


@pytest.mark.parametrize("name", [SIGNATURE, TIMESTAMP, MESSAGE_ID])
def test_a_missing_proof_is_unauthorized_b1(gate: Gate, source: Source, name: str) -> None:
    assert refusal(gate, without(fresh(source), name)) == (401, "invalid_signature")


@pytest.mark.parametrize(
    "value",
    ["abc", "v1,a,b", "v1,", "v1,AAAA  v1,AAAA", " ".join(["v1,AAAA"] * 100), "v1," + "A" * 5_000],
    ids=["word", "comma", "empty", "two spaces", "hundred", "long"],
)
def test_a_malformed_signature_is_unauthorized_b2(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), SIGNATURE, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


def test_one_changed_byte_is_unauthorized_b3(gate: Gate, source: Source) -> None:
    sent = fresh(source)
    changed = replace(sent, body=sent.body.replace(b"Hello", b"Hallo"))
    assert refusal(gate, changed) == (401, "invalid_signature")


@pytest.mark.parametrize(
    "value", ["nan", "inf", "1e9", "1_700_000_000", "-1", "1700000000000", str(2**63), "\xb9" * 10]
)
def test_a_malformed_time_is_unauthorized_b4(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), TIMESTAMP, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


@pytest.mark.parametrize("age_seconds", [310, -310])
def test_a_genuine_but_stale_message_is_out_of_range_b5(
    gate: Gate, source: Source, age_seconds: int
) -> None:
    sent = fresh(source, age_seconds=age_seconds)
    assert refusal(gate, sent) == (401, "timestamp_out_of_range")


@pytest.mark.parametrize("age_seconds", [290, -290])
def test_a_message_within_the_tolerance_is_accepted_b5(
    gate: Gate, source: Source, age_seconds: int
) -> None:
    assert gate(fresh(source, age_seconds=age_seconds)).status == 202


def test_the_secret_of_somebody_else_is_unauthorized_b7(gate: Gate, source: Source) -> None:
    assert refusal(gate, fresh(source, secret=OTHER_SECRET)) == (401, "invalid_signature")


def test_an_unknown_source_is_answered_like_a_wrong_signature_b8(
    gate: Gate, source: Source
) -> None:
    unknown = gate(replace(fresh(source), path="/webhooks/nobody"))
    wrong = gate(fresh(source, secret=OTHER_SECRET))
    assert unknown.status == wrong.status == 401
    del unknown.body["request_id"], wrong.body["request_id"]
    assert unknown.body == wrong.body


def test_the_same_message_again_is_a_duplicate_with_the_same_id_b9(
    gate: Gate, source: Source
) -> None:
    sent = fresh(source)
    first, second = gate(sent), gate(sent)
    assert (first.status, second.status) == (202, 200)
    assert second.body == {**first.body, "status": "duplicate", "duplicate": True}


def test_another_body_under_a_used_id_is_a_conflict_b10(gate: Gate, source: Source) -> None:
    message_id = f"msg_{uuid.uuid4().hex}"
    gate(fresh(source, message_id=message_id))
    sent = fresh(source, {"type": "note", "data": {"title": "Bye"}}, message_id=message_id)
    assert refusal(gate, sent) == (409, "idempotency_conflict")


@pytest.mark.parametrize("value", ["", "m" * 300, "a.b", "caf\xe9"])
def test_a_malformed_id_is_unauthorized_b11(gate: Gate, source: Source, value: str) -> None:
    sent = with_header(fresh(source), MESSAGE_ID, value)
    assert refusal(gate, sent) == (401, "invalid_signature")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_any_method_but_post_is_not_allowed_b12(gate: Gate, source: Source, method: str) -> None:
    answer = gate(fresh(source), method=method)
    assert (answer.status, answer.body["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "media_type",
    [
        "text/plain",
        "",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=nope",
    ],
)
def test_any_media_type_but_json_in_utf8_is_unsupported_b13_b14(
    gate: Gate, source: Source, media_type: str
) -> None:
    sent = with_header(fresh(source), "content-type", media_type)
    assert refusal(gate, sent) == (415, "unsupported_media_type")


@pytest.mark.parametrize("media_type", ["application/json", 'Application/JSON; charset="UTF-8"'])
def test_json_in_utf8_may_be_spelled_in_any_way_b14(
    gate: Gate, source: Source, media_type: str
) -> None:
    assert gate(with_header(fresh(source), "content-type", media_type)).status == 202


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity"])
def test_a_compressed_body_is_never_inflated_b15(gate: Gate, source: Source, encoding: str) -> None:
    sent = with_header(fresh(source), "content-encoding", encoding)
    assert refusal(gate, sent) == (415, "unsupported_media_type")


def test_a_body_above_the_limit_is_too_large_b16(gate: Gate, source: Source) -> None:
    sent = fresh(source, body=b" " * (MEBIBYTE + 1))
    assert refusal(gate, sent) == (413, "payload_too_large")


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


@pytest.mark.parametrize(
    "path", ["/webhooks/", "/webhooks//", "/webhooks/a/b/c", "/webhooks/%00", "/webhooks/..%2fx"]
)
def test_a_path_of_no_source_is_unauthorized_b44(gate: Gate, source: Source, path: str) -> None:
    assert refusal(gate, replace(fresh(source), path=path)) == (401, "invalid_signature")


Prepare = Callable[[Source], None]
