"""How often somebody may try to log in, whichever door they try."""

from django.conf import settings

from apps.core.errors import RateLimited
from apps.core.resilience.ratelimit import Limit, limiter


def limit_login(address: str, peer: str) -> None:
    """Count one try. Raises RateLimited, or Unavailable when tries cannot be counted."""
    per_minute: int = settings.RATE_LIMIT_LOGIN_PER_MINUTE
    limits = [
        Limit(key=f"login:address:{address}", per_minute=per_minute),
        Limit(key=f"login:peer:{peer}", per_minute=per_minute),
    ]
    [wait] = limiter("closed").check([limits])
    if wait:
        raise RateLimited(retry_after=wait)
