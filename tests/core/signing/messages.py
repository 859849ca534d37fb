"""One genuine message per scheme, for tests that then spoil it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core.signing import Scheme, SignatureError, sign, verify

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TOLERANCE_SECONDS = 300
BODY = '{"title": "Vice Président", "note": "\\u00e9"}'.encode()
MESSAGE_ID = "msg_2Kx9"

SECRETS = {
    Scheme.STANDARD_WEBHOOKS: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    Scheme.COMPOSIO: "composio secret, any characters: é%/",
    Scheme.DISCOURSE: "my_lovely_secret_for_web_hook",
    Scheme.BASIC: "community:correct horse battery",
    Scheme.HMAC: "a-secret-of-our-own-with-36-characters",
}
OTHER_SECRETS = {
    Scheme.STANDARD_WEBHOOKS: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    Scheme.COMPOSIO: "another composio secret of this length",
    Scheme.DISCOURSE: "another_secret_for_the_web_hook",
    Scheme.BASIC: "community:wrong horse battery",
    Scheme.HMAC: "another-secret-of-our-own-36-characters",
}
# The header that carries the proof.
SIGNATURE_HEADERS = {
    Scheme.STANDARD_WEBHOOKS: "webhook-signature",
    Scheme.COMPOSIO: "webhook-signature",
    Scheme.DISCOURSE: "x-discourse-event-signature",
    Scheme.BASIC: "authorization",
    Scheme.HMAC: "x-vigil-signature",
}
PREFIXES = {
    Scheme.STANDARD_WEBHOOKS: "webhook",
    Scheme.COMPOSIO: "webhook",
    Scheme.HMAC: "x-vigil",
}
TIMESTAMPED = list(PREFIXES)
SIGNING_THE_BODY = [*TIMESTAMPED, Scheme.DISCOURSE]


def genuine(scheme: Scheme, *, age_seconds: int = 0, body: bytes = BODY) -> dict[str, str]:
    """The headers of a genuine message."""
    sent_at = NOW - timedelta(seconds=age_seconds)
    return sign(scheme, SECRETS[scheme], message_id=MESSAGE_ID, now=sent_at, body=body)


def check(
    scheme: Scheme, headers: dict[str, str], body: bytes = BODY, secrets: list[str] | None = None
) -> str:
    """`verify` at NOW, with the scheme's own secret unless others are given."""
    return verify(
        scheme,
        headers,
        body,
        [SECRETS[scheme]] if secrets is None else secrets,
        now=NOW,
        tolerance_seconds=TOLERANCE_SECONDS,
    )


def refusal(scheme: Scheme, headers: dict[str, str], **message: Any) -> str:
    """The code with which `check` refuses."""
    with pytest.raises(SignatureError) as caught:
        check(scheme, headers, **message)
    assert caught.value.status_code == 401
    return caught.value.code
