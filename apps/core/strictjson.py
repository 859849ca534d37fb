"""The one JSON parser for bodies from outside: webhooks and API alike.

Accepts RFC 8259 in UTF-8 and nothing else. What it refuses, and how:

    413 payload_too_large   more than `max_bytes`
    400 invalid_json        empty, truncated, trailing bytes, byte order mark, not JSON
    400 invalid_encoding    not UTF-8
    400 invalid_number      NaN, Infinity, a float beyond the doubles, an absurdly long integer
    400 too_deep            more than `max_depth` brackets inside one another
    400 too_many_nodes      more than `max_nodes` values
    400 duplicate_key       a key twice in one object, compared in NFC
    422 out_of_range        an integer that does not fit into 64 bits with its sign
    422 invalid_character   NUL or a lone surrogate, which PostgreSQL cannot store

Depth and number of nodes are known before the parser runs, so neither its stack nor its memory is
ever in the sender's hands.
"""

import json
import math
import re
from array import array
from itertools import accumulate
from typing import Any
from unicodedata import normalize

from apps.core.errors import InvalidDocument, TooLarge
from apps.core.json_types import Json

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INTEGER_LIMIT = 1 << 63
_INTEGER_MAX_DIGITS = 1_000
_PLACE_MAX = 200

# Possessive, and satisfied by an unterminated string: one pass, whatever the bytes are.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # +1 and -1 as signed bytes


class _TooLong(ValueError):
    """An integer beyond 64 bits; where it stands is not known where it is read."""


def loads(
    body: bytes, *, max_bytes: int = 1_048_576, max_depth: int = 32, max_nodes: int = 10_000
) -> Json:
    """The document in `body`. Raises TooLarge or InvalidDocument, and nothing else."""
    if len(body) > max_bytes:
        raise TooLarge(f"The body has more than {max_bytes} bytes")
    text = _decode(body)
    _refuse_excess(body, max_depth=max_depth, max_nodes=max_nodes)
    try:
        document: Json = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(body, error) from None
    except RecursionError:
        raise InvalidDocument("The body is nested too deeply", code="too_deep") from None
    except _TooLong:
        raise _out_of_range(text) from None
    if _may_be_unstorable(body):
        _refuse_unstorable(document)
    return document


def _decode(body: bytes) -> str:
    if body.startswith(_BYTE_ORDER_MARK):
        raise InvalidDocument("The body starts with a byte order mark")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidDocument("The body is not UTF-8", code="invalid_encoding") from None


def _refuse_excess(body: bytes, *, max_depth: int, max_nodes: int) -> None:
    """Count brackets and commas: first over all bytes, which is never less, then exactly.

    A document within `max_nodes` has at most two strings and two brackets for each node; what
    comes after that many is refused for its number anyway, and costs nothing to look at.
    """
    if _openings(body) <= max_depth and _nodes(body) <= max_nodes:
        return
    bare = _STRING.sub(b"", body, count=2 * max_nodes + 1)
    if _openings(bare) > max_depth:
        brackets = bare.translate(_STEPS, _NOT_BRACKETS)[: 2 * max_nodes + 1]
        if max(accumulate(array("b", brackets))) > max_depth:
            raise InvalidDocument(
                f"The body is nested more than {max_depth} levels deep", code="too_deep"
            )
    if _nodes(bare) > max_nodes:
        raise InvalidDocument(f"The body holds more than {max_nodes} values", code="too_many_nodes")


def _openings(content: bytes) -> int:
    return content.count(b"[") + content.count(b"{")


def _nodes(content: bytes) -> int:
    """Every value is the root, the first of its container, or preceded by a comma."""
    return 1 + content.count(b",") + _openings(content)


def _not_json(body: bytes, error: json.JSONDecodeError) -> InvalidDocument:
    # UTF-16 and UTF-32 without a mark are well-formed UTF-8 full of NULs.
    if b"\x00" in body[:2]:
        return InvalidDocument("The body is not UTF-8", code="invalid_encoding")
    return InvalidDocument(f"Not valid JSON at character {error.pos}")


def _may_be_unstorable(body: bytes) -> bool:
    return b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body


def _refuse_unstorable(document: Json) -> None:
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            pending.extend(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str) and _UNSTORABLE.search(value):
            raise InvalidDocument(
                "A text holds NUL or half a surrogate pair", status=422, code="invalid_character"
            )


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    distinct = len(result)
    if not "".join(result).isascii():
        distinct = len({normalize("NFC", key) for key in result})
    if distinct != len(pairs):
        raise InvalidDocument("An object names the same key twice", code="duplicate_key")
    return result


def _integer(digits: str) -> int:
    if len(digits) > _INTEGER_MAX_DIGITS:
        raise InvalidDocument("An integer has too many digits", code="invalid_number")
    value = int(digits)
    if not _fits(value):
        raise _TooLong
    return value


def _fits(value: int) -> bool:
    return -_INTEGER_LIMIT <= value < _INTEGER_LIMIT


def _out_of_range(text: str) -> InvalidDocument:
    """Only now that it is refused is the document read once more, for the place."""
    reason = "An integer does not fit into 64 bits"
    try:
        place = _place_of_too_long(_TOLERANT.decode(text))
    except (json.JSONDecodeError, RecursionError):
        place = ""
    named = 0 < len(place) <= _PLACE_MAX and place.isprintable()
    fields = {place: f"{reason}."} if named else {}
    return InvalidDocument(reason, status=422, code="out_of_range", fields=fields)


def _place_of_too_long(document: Json) -> str:
    """A dotted path, "body" for the document itself. Keys are joined once: one may be long."""
    pending: list[tuple[tuple[Any, ...], Json]] = [((), document)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, int) and not _fits(value):
            return ".".join(map(str, path)) or "body"
        if isinstance(value, dict):
            pending.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            pending.extend(((*path, at), inner) for at, inner in enumerate(value))
    return ""


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise InvalidDocument("A number is too large", code="invalid_number")
    return value


def _constant(name: str) -> Json:
    raise InvalidDocument(f"{name} is not a JSON number", code="invalid_number")


# What is wrong with the rest of a document that is refused already makes no difference.
_TOLERANT = json.JSONDecoder(parse_int=lambda digits: int(digits[:_INTEGER_MAX_DIGITS]))
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
