"""Taking API keys out of use. A revoked key's row stays, for the trail."""

from collections.abc import Iterable
from datetime import datetime

from apps.accounts.models import ApiKey


def revoke(key_ids: Iterable[int], *, now: datetime) -> int:
    """Make these keys useless from `now` on. Returns how many were still good."""
    return ApiKey.objects.filter(pk__in=list(key_ids), revoked_at=None).update(revoked_at=now)
