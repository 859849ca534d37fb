"""Encryption of columns: AES-256-GCM under a key ring, and a blind index for equality look-ups.

A token is `b"v1"`, one byte with the length of the key's id, that id, a nonce of 12 bytes, and the
ciphertext with its tag of 16 bytes: 31 bytes and the id longer than the plaintext. The context,
`"table.column"`, is authenticated with it, so a value moved to another column is unreadable there.

Nonces are random: one key may encrypt 2^32 values (NIST SP 800-38D §8.3), then it must be rotated.
"""

import base64
import binascii
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.dispatch import receiver

VERSION = b"v1"
KEY_BYTES = 32
NONCE_BYTES = 12
BLIND_INDEX_BYTES = 16

_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class DecryptionError(Exception):
    """The token is damaged, belongs to another column, or its key has left the ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """Ciphers by the header a token of theirs begins with; new values use `first`."""

    first: bytes
    ciphers: Mapping[bytes, AESGCM]


def parse_key_ring(entries: Sequence[str]) -> KeyRing:
    """Read `"id:base64 of 32 bytes"` entries, the encrypting key first.

    Raises `ImproperlyConfigured`, which names the entry by its position and never shows a key.
    """
    ciphers: dict[bytes, AESGCM] = {}
    for position, entry in enumerate(entries, start=1):
        key_id, _, encoded = entry.partition(":")
        header = _header(key_id, position)
        if header in ciphers:
            raise ImproperlyConfigured(f"FIELD_KEYS: entry {position} repeats an id")
        ciphers[header] = AESGCM(_key(encoded, position))
    if not ciphers:
        raise ImproperlyConfigured("FIELD_KEYS is empty")
    return KeyRing(first=next(iter(ciphers)), ciphers=ciphers)


def encrypt(plaintext: bytes, *, context: str) -> bytes:
    """A token under the first key of `FIELD_KEYS`. `context` is `"table.column"`."""
    ring = _ring()
    nonce = os.urandom(NONCE_BYTES)
    ciphertext = ring.ciphers[ring.first].encrypt(nonce, plaintext, context.encode())
    return ring.first + nonce + ciphertext


def decrypt(token: bytes, *, context: str) -> bytes:
    """What `encrypt` was given. Raises `DecryptionError`, which never shows a value."""
    end = len(VERSION) + 1 + int.from_bytes(token[len(VERSION) : len(VERSION) + 1], "big")
    cipher = _ring().ciphers.get(token[:end])
    if cipher is None:
        raise DecryptionError(f"{context}: no key of the ring made this token")
    try:
        return cipher.decrypt(
            token[end : end + NONCE_BYTES], token[end + NONCE_BYTES :], context.encode()
        )
    except (InvalidTag, ValueError):
        raise DecryptionError(f"{context}: the token is damaged or of another column") from None


def current_header() -> bytes:
    """The bytes every token of the first key begins with, for counting the others in SQL."""
    return _ring().first


def blind_index(value: str, *, context: str) -> bytes:
    """16 bytes that are equal exactly when two values are, letter case and outer blanks aside.

    HMAC-SHA256 under `BLIND_INDEX_KEY`; the context keeps one column's index useless in another.
    """
    message = f"{context}\0{value.strip().casefold()}".encode()
    return hmac.digest(_blind_index_key(), message, "sha256")[:BLIND_INDEX_BYTES]


def _header(key_id: str, position: int) -> bytes:
    if not _KEY_ID.fullmatch(key_id):
        raise ImproperlyConfigured(
            f"FIELD_KEYS: entry {position} needs an id of 1 to 32 letters, digits, _ or -"
        )
    return VERSION + bytes([len(key_id)]) + key_id.encode()


def _key(encoded: str, position: int) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"FIELD_KEYS: entry {position} is not base64 of 32 bytes")
    return key


@cache
def _ring() -> KeyRing:
    return parse_key_ring(settings.FIELD_KEYS)


@cache
def _blind_index_key() -> bytes:
    key: str = settings.BLIND_INDEX_KEY
    if not key:
        raise ImproperlyConfigured("BLIND_INDEX_KEY is empty")
    return key.encode()


@receiver(setting_changed)
def _forget_keys(*, setting: str, **_: Any) -> None:
    if setting in {"FIELD_KEYS", "BLIND_INDEX_KEY"}:
        _ring.cache_clear()
        _blind_index_key.cache_clear()
