"""The schemes that sign `{id}.{timestamp}.{body}`: Standard Webhooks, Composio and our own form."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from secrets import token_bytes, token_urlsafe

from apps.core.errors import InvalidInput
from apps.core.signing.base import (
    Headers,
    SignatureError,
    any_match,
    bad_secret,
    check_text,
    header,
    is_message_id,
    mac,
    macs,
    utf8_key,
)

_TIMESTAMP = re.compile(r"[0-9]{10,11}")
_MAX_SIGNATURES = 10
_SIGNATURE = re.compile(r"v[0-9]{1,2}[a-z]?,[A-Za-z0-9+/]{4,}={0,2}")
_V1_SIGNATURE = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_HEX_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
_STANDARD_PREFIX = "whsec_"


class TimestampedScheme:
    """The common half: three headers, a signed time, replay only within the tolerance.

    The tolerance counts whole seconds, either way, its bounds included.
    """

    id_header: str
    timestamp_header: str
    signature_header: str

    def verify(
        self,
        headers: Headers,
        body: bytes,
        secrets: Sequence[str],
        *,
        now: datetime,
        tolerance_seconds: int,
    ) -> str:
        message_id = header(headers, self.id_header)
        timestamp = header(headers, self.timestamp_header)
        if not is_message_id(message_id) or not _TIMESTAMP.fullmatch(timestamp):
            raise SignatureError
        candidates = self._candidates(header(headers, self.signature_header))
        signed = _signed(message_id, timestamp, body)
        expected = map(self._encode, macs(map(self._key, secrets), signed))
        if not any_match(expected, candidates):
            raise SignatureError
        if abs(int(now.timestamp()) - int(timestamp)) > tolerance_seconds:
            raise SignatureError("The message is too old or too new", code="timestamp_out_of_range")
        return message_id

    def sign(self, secret: str, *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
        if not is_message_id(message_id):
            raise InvalidInput("The message id is not signable", code="invalid_message_id")
        timestamp = str(int(now.timestamp()))
        signature = mac(self._key(secret), _signed(message_id, timestamp, body))
        return {
            self.id_header: message_id,
            self.timestamp_header: timestamp,
            self.signature_header: self._encode(signature).decode(),
        }

    def generate_secret(self) -> str:
        return token_urlsafe(32)

    def check_secret(self, secret: str) -> None:
        check_text(secret)

    def _key(self, secret: str) -> bytes:
        """The HMAC key; empty for a secret that is none, and an empty key matches nothing."""
        return utf8_key(secret)

    def _encode(self, code: bytes) -> bytes:
        return b"v1," + b64encode(code)

    def _candidates(self, value: str) -> list[bytes]:
        """The v1 signatures in a list of them; other versions are allowed and ignored."""
        signatures = value.split(" ")
        well_formed = all(map(_SIGNATURE.fullmatch, signatures))
        if len(signatures) > _MAX_SIGNATURES or not well_formed:
            raise SignatureError
        return [one.encode() for one in signatures if _V1_SIGNATURE.fullmatch(one)]


class Composio(TimestampedScheme):
    """Standard Webhooks on the wire, but the key is the secret's own bytes (contracts 0.1)."""

    id_header = "webhook-id"
    timestamp_header = "webhook-timestamp"
    signature_header = "webhook-signature"


class StandardWebhooks(Composio):
    """https://www.standardwebhooks.com, symmetric `v1`: the key is base64 after `whsec_`."""

    def generate_secret(self) -> str:
        return _STANDARD_PREFIX + b64encode(token_bytes(32)).decode()

    def check_secret(self, secret: str) -> None:
        check_text(secret)
        if not secret.startswith(_STANDARD_PREFIX):
            raise bad_secret(f"The secret does not start with {_STANDARD_PREFIX}")
        key = self._key(secret)
        if not key:
            raise bad_secret("The secret is not base64")
        if not 24 <= len(key) <= 64:
            raise bad_secret("The secret must decode to 24 to 64 bytes")

    def _key(self, secret: str) -> bytes:
        try:
            return b64decode(utf8_key(secret.removeprefix(_STANDARD_PREFIX)), validate=True)
        except Base64Error:
            return b""


class VigilHmac(TimestampedScheme):
    """The form for senders without one of their own: three X-Vigil headers, a hex signature."""

    id_header = "x-vigil-id"
    timestamp_header = "x-vigil-timestamp"
    signature_header = "x-vigil-signature"

    def _encode(self, code: bytes) -> bytes:
        return b"sha256=" + code.hex().encode()

    def _candidates(self, value: str) -> list[bytes]:
        if not _HEX_SIGNATURE.fullmatch(value):
            raise SignatureError
        return [value.encode()]


def _signed(message_id: str, timestamp: str, body: bytes) -> bytes:
    return b"%s.%s.%s" % (message_id.encode(), timestamp.encode(), body)
