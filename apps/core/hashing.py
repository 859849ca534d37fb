"""Digests that mean the same thing tomorrow: SHA-256 over unambiguous bytes."""

import hashlib
import json
from unicodedata import normalize

from apps.core.errors import InvalidDocument
from apps.core.json_types import Json


def digest(*parts: str | bytes | int | None) -> bytes:
    """32 bytes that tell every sequence of parts from every other.

    Each part carries its type and length, so ("ab", "c") differs from ("a", "bc"), None from ""
    and 1 from "1".
    """
    sha256 = hashlib.sha256()
    for part in parts:
        kind, content = _typed(part)
        sha256.update(b"%c%d:" % (kind, len(content)))
        sha256.update(content)
    return sha256.digest()


def canonical_json(value: Json) -> bytes:
    """UTF-8 JSON with sorted NFC keys and no whitespace: equal documents, equal bytes.

    Raises ValueError for NaN and infinities, InvalidDocument (duplicate_key) when two keys of one
    object are equal in NFC.
    """
    text = _dump(value)
    if not text.isascii():
        text = _dump(_with_nfc_keys(value))
    return text.encode(errors="surrogatepass")


def content_digest(text: str) -> bytes:
    """32 bytes that ignore case, Unicode composition and how the whitespace falls."""
    folded = " ".join(normalize("NFC", text.casefold()).split())
    return hashlib.sha256(folded.encode(errors="surrogatepass")).digest()


def _typed(part: str | bytes | int | None) -> tuple[bytes, bytes]:
    if part is None:
        return b"n", b""
    if isinstance(part, str):
        return b"s", part.encode(errors="surrogatepass")
    if isinstance(part, int):
        return b"i", b"%d" % part
    return b"b", part


def _dump(value: Json) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _with_nfc_keys(value: Json) -> Json:
    if isinstance(value, list):
        return [_with_nfc_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {normalize("NFC", key): _with_nfc_keys(item) for key, item in value.items()}
    if len(result) != len(value):
        raise InvalidDocument("An object names the same key twice", code="duplicate_key")
    return result
