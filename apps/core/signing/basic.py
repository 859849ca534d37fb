"""HTTP Basic (RFC 7617), for platforms that can do nothing better: no id, no time, no integrity."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from datetime import datetime
from secrets import token_urlsafe

from apps.core.signing.base import (
    Headers,
    SignatureError,
    any_match,
    bad_secret,
    check_text,
    header,
    macs,
    utf8_key,
)

_CREDENTIALS = re.compile(r"[Bb]asic ([A-Za-z0-9+/]{4,}={0,2})")
_MIN_PASSWORD_CHARACTERS = 16
# Equal lengths for the comparison, whatever the lengths of what is compared.
_COMPARISON = b"basic"


class Basic:
    """The secret is "username:password"."""

    def verify(
        self,
        headers: Headers,
        body: bytes,
        secrets: Sequence[str],
        *,
        now: datetime,
        tolerance_seconds: int,
    ) -> str:
        match = _CREDENTIALS.fullmatch(header(headers, "authorization"))
        if match is None:
            raise SignatureError
        try:
            given = b64decode(match[1], validate=True)
        except Base64Error:
            raise SignatureError from None
        expected = macs(map(utf8_key, secrets), _COMPARISON)
        if not any_match(expected, macs([given], _COMPARISON)):
            raise SignatureError
        return ""

    def sign(self, secret: str, *, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
        return {"authorization": "Basic " + b64encode(utf8_key(secret)).decode()}

    def generate_secret(self) -> str:
        return f"vigil:{token_urlsafe(32)}"

    def check_secret(self, secret: str) -> None:
        username, colon, password = secret.partition(":")
        if not username or not colon:
            raise bad_secret("The secret must be username:password")
        if len(password) < _MIN_PASSWORD_CHARACTERS:
            raise bad_secret(f"The password needs {_MIN_PASSWORD_CHARACTERS} characters")
        check_text(secret, shortest=_MIN_PASSWORD_CHARACTERS)
