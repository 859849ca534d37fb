"""API keys, `vgl_<8 characters>_<secret>`: the first part finds the row, the secret proves it."""

import hmac
import secrets
import string
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import OuterRef, Q

from apps.accounts.models import ApiKey, User
from apps.accounts.selectors import business_id_of, business_of
from apps.core.errors import InvalidInput, Unauthorized

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
USE_NOTED_EVERY = timedelta(minutes=1)

_MARK = "vgl"
_ALPHABET = string.ascii_letters + string.digits
_NOBODY = sha256(b"").digest()


def create(
    *,
    user: User,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """The row, and the key itself, which nobody can ever show again: for `user`'s own business.

    Raises InvalidInput for a scope there is not, and Forbidden for somebody without a business.
    """
    chosen = sorted(set(scopes))
    if not chosen or not set(chosen) <= set(SCOPES):
        raise InvalidInput(fields={"scopes": f"One or more of {', '.join(SCOPES)}."})
    prefix = f"{_MARK}_{''.join(secrets.choice(_ALPHABET) for _ in range(8))}"
    secret = secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        business=business_of(user),
        user=user,
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        scopes=chosen,
        expires_at=expires_at,
    )
    return key, f"{prefix}_{secret}"


def check(text: str, *, now: datetime) -> ApiKey:
    """The key's row with its user. Raises Unauthorized, whatever is wrong with it.

    A key is good while its owner is active and works in its business; its use is noted once a
    minute.
    """
    prefix, secret = _split(text)
    key = (
        ApiKey.objects.select_related("user")
        .filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            prefix=prefix,
            revoked_at=None,
            user__is_active=True,
            business_id=business_id_of(OuterRef("user")),
        )
        .first()
    )
    expected = bytes(key.digest) if key else _NOBODY
    if not hmac.compare_digest(_digest(secret), expected) or key is None:
        raise Unauthorized
    _note_use(key, now=now)
    return key


def _note_use(key: ApiKey, *, now: datetime) -> None:
    stale = now - USE_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= stale:
        ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=stale), pk=key.pk).update(
            last_used_at=now
        )


def _split(text: str) -> tuple[str, str]:
    mark, _, rest = text.partition("_")
    key_id, _, secret = rest.partition("_")
    return f"{mark}_{key_id}", secret


def _digest(secret: str) -> bytes:
    return sha256(secret.encode(errors="replace")).digest()
