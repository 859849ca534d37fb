"""Whatever the bytes are, the answer is the document or one of the known refusals."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core import strictjson
from apps.core.errors import InvalidDocument, TooLarge

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**63), max_value=2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
)
KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
FRAGMENTS = st.sampled_from(
    [
        *(b"[", b"]", b"{", b"}", b'"', b":", b",", b"\\", b"\\u0000", b"\\ud800", b" "),
        *(b"1e999", b"NaN", b"9" * 30, b"true", b'"a":1', b"\xff", b"\x00", "é".encode()),
    ]
)
ANSWERS = {
    "accepted",
    "invalid_json",
    "invalid_encoding",
    "invalid_number",
    "too_deep",
    "too_many_nodes",
    "duplicate_key",
    "out_of_range",
    "invalid_character",
}


def answer(body: bytes) -> str:
    try:
        strictjson.loads(body, max_depth=5, max_nodes=12)
    except (InvalidDocument, TooLarge) as error:
        return error.code
    return "accepted"


@settings(deadline=None)
@given(DOCUMENTS, st.booleans())
def test_every_storable_document_survives(document: object, ascii_only: bool) -> None:
    body = json.dumps(document, ensure_ascii=ascii_only).encode()
    assert strictjson.loads(body) == document


@settings(deadline=None, max_examples=500)
@given(st.binary(max_size=200) | st.lists(FRAGMENTS, max_size=40).map(b"".join))
def test_random_bytes_meet_only_the_known_answers(body: bytes) -> None:
    assert answer(body) in ANSWERS


@settings(deadline=None, max_examples=300)
@given(DOCUMENTS, st.integers(0, 400), st.integers(0, 5), FRAGMENTS)
def test_damaged_documents_meet_only_the_known_answers(
    document: object, at: int, cut: int, fragment: bytes
) -> None:
    body = json.dumps(document).encode()
    assert answer(body[:at] + fragment + body[at + cut :]) in ANSWERS
