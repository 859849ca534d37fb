"""What every signature scheme shares: its contract, its limits, and comparing in constant time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hmac import compare_digest, digest
from typing import Protocol

from django.db.models import TextChoices

from apps.core.errors import InvalidInput, Unauthorized

Headers = Mapping[str, str]

MAX_HEADER_CHARACTERS = 1_024
MAX_SECRET_CHARACTERS = 512
MIN_SECRET_CHARACTERS = 24

_MESSAGE_ID = re.compile(r"[ -\-/-~]{1,200}")
# What is hashed against when a source has no secret, so that it takes as long as one with.
_DUMMY_KEY = b"no secret of any source is this one"


class Scheme(TextChoices):
    """How a sender proves that a body is theirs."""

    STANDARD_WEBHOOKS = "standard_webhooks"
    COMPOSIO = "composio"
    DISCOURSE = "discourse"
    BASIC = "basic"
    HMAC = "hmac"


class SignatureError(Unauthorized):
    """The body is not proven to be the sender's (401).

    The code is `timestamp_out_of_range` for a genuine but stale message, else `invalid_signature`;
    the detail never says which check failed.
    """

    default_code = "invalid_signature"
    title = "The signature is not valid"


class SignatureScheme(Protocol):
    """One way of signing. `headers` have lower-case names; bodies are raw bytes."""

    def verify(
        self,
        headers: Headers,
        body: bytes,
        secrets: Sequence[str],
        *,
        now: datetime,
        tolerance_seconds: int,
    ) -> str:
        """The sender's message id, "" without one. Raises SignatureError."""
        ...

    def sign(self, secret: str, *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
        """The headers a sender would send. Raises InvalidInput."""
        ...

    def generate_secret(self) -> str: ...

    def check_secret(self, secret: str) -> None:
        """Raises InvalidInput (invalid_secret) naming what is wrong."""
        ...


def header(headers: Headers, name: str) -> str:
    """The header's value. Raises SignatureError when it is missing or longer than 1 KiB."""
    value = headers.get(name, "")
    if not value or len(value) > MAX_HEADER_CHARACTERS:
        raise SignatureError
    return value


def is_message_id(value: str) -> bool:
    """1 to 200 printable ASCII characters; no dot, which separates the signed parts."""
    return _MESSAGE_ID.fullmatch(value) is not None


def any_match(expected: Iterable[bytes], candidates: Sequence[bytes]) -> bool:
    """Whether some expected value equals some candidate, comparing every pair to its end."""
    found = False
    for value in expected:
        for candidate in candidates:
            found |= compare_digest(value, candidate)
    return found


def macs(keys: Iterable[bytes], message: bytes) -> list[bytes]:
    """The HMAC-SHA256 of the message under each key; without keys, as much work and no match.

    An empty key is no key: anybody could sign with it.
    """
    result = [digest(key, message, "sha256") for key in keys if key]
    if not result:
        digest(_DUMMY_KEY, message, "sha256")
    return result


def mac(key: bytes, message: bytes) -> bytes:
    """The HMAC-SHA256 for a header of ours. Raises InvalidInput for an empty key."""
    if not key:
        raise bad_secret("The secret is empty or not usable as a key")
    return digest(key, message, "sha256")


def utf8_key(secret: str) -> bytes:
    return secret.encode(errors="surrogatepass")


def bad_secret(problem: str) -> InvalidInput:
    return InvalidInput(problem, code="invalid_secret", fields={"secret": problem})


def check_text(secret: str, *, shortest: int = MIN_SECRET_CHARACTERS) -> None:
    """What any secret must be. Raises InvalidInput (invalid_secret)."""
    if not secret.isprintable() or secret != secret.strip():
        raise bad_secret("The secret has surrounding spaces or unprintable characters")
    if not shortest <= len(secret) <= MAX_SECRET_CHARACTERS:
        raise bad_secret(f"The secret needs {shortest} to {MAX_SECRET_CHARACTERS} characters")
