"""Logging in by address and password, and staying logged in.

A refresh token is random, stored as its SHA-256 and used once: using it makes the next one of its
family. One that comes a second time was copied, so its whole family ends.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.db import transaction

from apps.accounts.models import RefreshToken, User
from apps.accounts.services.access_tokens import (
    is_bound_to_password,
    issue_access,
    password_binding,
)
from apps.accounts.services.login_limits import limit_login
from apps.accounts.signals import token_reused
from apps.core.errors import Unauthorized


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """`expires_in` is the access token's, in seconds."""

    access: str
    refresh: str
    expires_in: int


def log_in(email: str, password: str, *, peer: str, now: datetime) -> TokenPair:
    """Raises Unauthorized, alike and after as much work for an address nobody has.

    Raises RateLimited, or Unavailable when tries cannot be counted: RATE_LIMIT_LOGIN_PER_MINUTE
    for each address and for each `peer`.
    """
    address = email.strip().lower()
    limit_login(address, peer)
    user = authenticate(None, username=address, password=password)
    if not isinstance(user, User):
        raise Unauthorized("Address or password is wrong")
    with transaction.atomic():
        pair = _pair(user, family=uuid4(), now=now)
        user_logged_in.send(sender=User, request=None, user=user)
    return pair


def refresh(token: str, *, now: datetime) -> TokenPair:
    """The next pair of the family. Raises Unauthorized; a used token ends the family first."""
    digest = _digest(token)
    with transaction.atomic():
        # No condition on the user here: a join would hide `used_at` from the second of two callers.
        spent = RefreshToken.objects.filter(
            digest=digest, used_at=None, revoked_at=None, expires_at__gt=now
        ).update(used_at=now)
        if spent:
            row = RefreshToken.objects.select_related("user").get(digest=digest)
            if row.user.is_active and is_bound_to_password(row.user, token.rpartition(".")[2]):
                return _pair(row.user, family=row.family, now=now)
    if not spent:
        _end_family_if_reused(digest, now=now)
    raise Unauthorized("Log in again")


def _pair(user: User, *, family: UUID, now: datetime) -> TokenPair:
    """The binding at the end of a refresh token makes it die with the password."""
    token = f"vgr_{secrets.token_urlsafe(32)}.{password_binding(user)}"
    RefreshToken.objects.create(
        user=user,
        family=family,
        digest=_digest(token),
        expires_at=now + timedelta(seconds=settings.JWT_REFRESH_SECONDS),
    )
    return TokenPair(
        access=issue_access(user, now=now), refresh=token, expires_in=settings.JWT_ACCESS_SECONDS
    )


def _end_family_if_reused(digest: bytes, *, now: datetime) -> None:
    """Commits on its own: the refusal that follows must not undo it."""
    used = RefreshToken.objects.filter(digest=digest).exclude(used_at=None).first()
    if used is None:
        return
    with transaction.atomic():
        family = RefreshToken.objects.filter(family=used.family, revoked_at=None)
        if family.update(revoked_at=now):
            token_reused.send(sender=RefreshToken, user=used.user, family=used.family)


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
