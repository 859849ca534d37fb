"""Discourse: a hex HMAC over the raw body, without a time."""

import re
from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe

from apps.core.errors import InvalidInput
from apps.core.signing.base import (
    Headers,
    SignatureError,
    any_match,
    check_text,
    header,
    is_message_id,
    mac,
    macs,
    utf8_key,
)

_ID_HEADER = "x-discourse-event-id"
_SIGNATURE_HEADER = "x-discourse-event-signature"
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")


class Discourse:
    """`X-Discourse-Event-Signature: sha256=…`.

    The id is X-Discourse-Event-Id, which the signature does not cover: it tells two events apart,
    it does not prove that a body is new.
    """

    def verify(
        self,
        headers: Headers,
        body: bytes,
        secrets: Sequence[str],
        *,
        now: datetime,
        tolerance_seconds: int,
    ) -> str:
        signature = header(headers, _SIGNATURE_HEADER)
        if not _SIGNATURE.fullmatch(signature):
            raise SignatureError
        expected = map(_encode, macs(map(utf8_key, secrets), body))
        if not any_match(expected, [signature.encode()]):
            raise SignatureError
        message_id = headers.get(_ID_HEADER, "")
        if message_id and not is_message_id(message_id):
            raise SignatureError
        return message_id

    def sign(self, secret: str, *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
        if message_id and not is_message_id(message_id):
            raise InvalidInput("The message id is not sendable", code="invalid_message_id")
        signature = {_SIGNATURE_HEADER: _encode(mac(utf8_key(secret), body)).decode()}
        return signature | ({_ID_HEADER: message_id} if message_id else {})

    def generate_secret(self) -> str:
        return token_urlsafe(32)

    def check_secret(self, secret: str) -> None:
        check_text(secret)


def _encode(code: bytes) -> bytes:
    return b"sha256=" + code.hex().encode()
