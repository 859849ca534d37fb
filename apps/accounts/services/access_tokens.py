"""Access tokens: JWTs of a few minutes that prove who is asking, without a row of their own.

Signed with HS256 under a key derived from SECRET_KEY; `kid` names the key, so the keys of
SECRET_KEY_FALLBACKS stay good for what they signed. A changed password ends every token.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import jwt
from django.conf import settings
from django.utils.encoding import force_bytes

from apps.accounts.models import User
from apps.core.errors import Unauthorized

ALGORITHM = "HS256"
TYPE = "access"
LEEWAY_SECONDS = 30

_REQUIRED = ["iss", "aud", "sub", "iat", "nbf", "exp", "jti", "typ", "pwd"]
_PURPOSE = b"vigil access token v1"
_BINDING_CHARACTERS = 16


def issue_access(user: User, *, now: datetime) -> str:
    """A token for `user`, valid from `now` for JWT_ACCESS_SECONDS."""
    key_id, key = next(iter(_keys().items()))
    claims = {
        "iss": settings.JWT_ISSUER,
        "aud": settings.JWT_AUDIENCE,
        "sub": str(user.public_id),
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(seconds=settings.JWT_ACCESS_SECONDS),
        "jti": str(uuid4()),
        "typ": TYPE,
        "pwd": password_binding(user),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": key_id})


def user_of_access(token: str) -> User:
    """Whose token it is. Raises Unauthorized, whatever is wrong with it.

    Times are judged by the clock, which is PyJWT's own, with 30 s of leeway.
    """
    claims = _verified(token)
    user = User.objects.filter(public_id=_subject(claims), is_active=True).first()
    if user is None or not is_bound_to_password(user, claims["pwd"]):
        raise Unauthorized
    return user


def password_binding(user: User) -> str:
    """A few characters that change with the password and tell nothing about it."""
    return user.get_session_auth_hash()[:_BINDING_CHARACTERS]


def is_bound_to_password(user: User, binding: object) -> bool:
    """Whether `binding` is of the current password, under any key that is still accepted."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    given = str(binding).encode(errors="replace")
    return any(hmac.compare_digest(h[:_BINDING_CHARACTERS].encode(), given) for h in hashes)


def _verified(token: str) -> Mapping[str, Any]:
    try:
        key = _keys().get(jwt.get_unverified_header(token).get("kid", ""))
        if key is None:
            raise Unauthorized
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=settings.JWT_ISSUER,
            audience=settings.JWT_AUDIENCE,
            leeway=LEEWAY_SECONDS,
            options={"require": _REQUIRED, "strict_aud": True},
        )
    except jwt.InvalidTokenError:
        raise Unauthorized from None
    if claims["typ"] != TYPE:
        raise Unauthorized
    return claims


def _subject(claims: Mapping[str, Any]) -> UUID:
    try:
        return UUID(claims["sub"])
    except ValueError:
        raise Unauthorized from None


def _keys() -> dict[str, bytes]:
    """Key id → key, the signing one first."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hmac.digest(force_bytes(secret), _PURPOSE, "sha256") for secret in secrets]
    return {sha256(key).hexdigest()[:8]: key for key in keys}
