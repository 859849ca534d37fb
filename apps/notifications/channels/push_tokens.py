"""What the buttons of a push message are pressed with: no session, no page, one notification.

A service worker has no CSRF token, and the session of its browser may have ended or be somebody
else's. A token travels encrypted to the one browser, is good for one notification of one person
through one address, and ends with that address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from apps.core.errors import Unauthorized

_PURPOSE = "vigil.push.action.v1"
MAX_TOKEN_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class PushToken:
    user_id: int
    address_id: int
    key: UUID


def make_token(token: PushToken, *, now: datetime) -> str:
    """Good for PUSH_ACTION_SECONDS."""
    ends_at = now + timedelta(seconds=settings.PUSH_ACTION_SECONDS)
    claims = [token.user_id, token.address_id, token.key.hex, int(ends_at.timestamp())]
    return Signer(salt=_PURPOSE).sign_object(claims)


def read_token(text: str, *, now: datetime) -> PushToken:
    """Raises Unauthorized (invalid_token), whatever is wrong with it."""
    try:
        user_id, address_id, key, ends_at = Signer(salt=_PURPOSE).unsign_object(text)
    except BadSignature:
        raise Unauthorized("This is not a token, or it has ended", code="invalid_token") from None
    if now.timestamp() >= ends_at:
        raise Unauthorized("This is not a token, or it has ended", code="invalid_token")
    return PushToken(user_id=user_id, address_id=address_id, key=UUID(key))
