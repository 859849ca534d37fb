"""Who sent this body? Signature schemes on raw bytes, one file each, one line in the table.

    message_id = verify(scheme, headers, body, secrets, now=now, tolerance_seconds=300)

Every malformed header is a SignatureError and never another exception; every secret is tried to
the end, and without any secret as much work is done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apps.core.signing.base import Scheme, SignatureError, SignatureScheme
from apps.core.signing.basic import Basic
from apps.core.signing.discourse import Discourse
from apps.core.signing.timestamped import Composio, StandardWebhooks, VigilHmac

__all__ = ["Scheme", "SignatureError", "check_secret", "generate_secret", "sign", "verify"]

_SCHEMES: Mapping[Scheme, SignatureScheme] = {
    Scheme.STANDARD_WEBHOOKS: StandardWebhooks(),
    Scheme.COMPOSIO: Composio(),
    Scheme.DISCOURSE: Discourse(),
    Scheme.BASIC: Basic(),
    Scheme.HMAC: VigilHmac(),
}


def verify(
    scheme: Scheme,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Sequence[str],
    *,
    now: datetime,
    tolerance_seconds: int,
) -> str:
    """The sender's message id, "" when the scheme has none. Raises SignatureError.

    `headers` have lower-case names; `secrets` are all that are valid now, several in a rotation.
    """
    return _SCHEMES[scheme].verify(
        headers, body, secrets, now=now, tolerance_seconds=tolerance_seconds
    )


def sign(
    scheme: Scheme, secret: str, *, message_id: str, now: datetime, body: bytes
) -> dict[str, str]:
    """The headers a sender would send, lower-case. Raises InvalidInput."""
    return _SCHEMES[scheme].sign(secret, message_id=message_id, now=now, body=body)


def generate_secret(scheme: Scheme) -> str:
    """A new secret that `check_secret` accepts."""
    return _SCHEMES[scheme].generate_secret()


def check_secret(scheme: Scheme, secret: str) -> None:
    """Raises InvalidInput (invalid_secret) naming what is wrong with it."""
    _SCHEMES[scheme].check_secret(secret)
