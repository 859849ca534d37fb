"""One limiter for the door, the API and the login: GCRA in one Redis call for many requests.

Redis being away costs one socket time-out a second per process; what happens to the requests
meanwhile is the caller's choice.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal, TypeAlias

import redis
import structlog
from django.conf import settings
from django.utils.encoding import force_bytes

from apps.core.errors import Unavailable
from apps.core.redis import client
from apps.core.resilience.limits import Limit, LimitSet, LocalLimiter

__all__ = ["Limit", "RateLimiter", "limiter"]

_RETRY_REDIS_SECONDS = 1.0
_SCRIPT = (Path(__file__).parent / "gcra.lua").read_text(encoding="utf-8")

OnFailure: TypeAlias = Literal["open", "closed"]

log = structlog.get_logger(__name__)


class RateLimiter:
    """Counts in Redis by Redis's clock, so all processes and machines share one limit.

    When Redis does not answer, "open" judges by this process's own count with the same limits and
    "closed" refuses everything.
    """

    def __init__(self, redis_client: redis.Redis, *, on_failure: OnFailure = "open") -> None:
        self._on_failure = on_failure
        self._script = redis_client.register_script(_SCRIPT)
        self._local = LocalLimiter()
        self._lock = Lock()
        self._down = False
        self._retry_at = 0.0

    def check(self, requests: Sequence[LimitSet]) -> list[float]:
        """Seconds each request has to wait, 0.0 when it is allowed. One round trip for all.

        Requests are judged in order; one that any of its limits refuses consumes none of them.
        Raises Unavailable when Redis does not answer and this limiter fails closed.
        """
        if not requests:
            return []
        if self._may_ask_redis():
            try:
                waits = self._script(*_call_of(requests))
            except redis.RedisError as error:
                self._note_failure(error)
            else:
                self._note_success()
                return [wait / 1_000_000 for wait in waits] or [0.0] * len(requests)
        if self._on_failure == "closed":
            raise Unavailable("Requests cannot be counted now", retry_after=_RETRY_REDIS_SECONDS)
        return self._local.check(requests, now_microseconds=time.monotonic() * 1_000_000)

    def _may_ask_redis(self) -> bool:
        """While Redis is down, one caller a second finds out whether it is back."""
        with self._lock:
            now = time.monotonic()
            if self._down and now < self._retry_at:
                return False
            self._retry_at = now + _RETRY_REDIS_SECONDS
            return True

    def _note_failure(self, error: redis.RedisError) -> None:
        with self._lock:
            was_down, self._down = self._down, True
            self._retry_at = time.monotonic() + _RETRY_REDIS_SECONDS
        if not was_down:
            log.warning("rate_limiter_without_redis", error=type(error).__name__)

    def _note_success(self) -> None:
        with self._lock:
            was_down, self._down = self._down, False
        if was_down:
            log.info("rate_limiter_with_redis_again")


@cache
def limiter(on_failure: OnFailure = "open") -> RateLimiter:
    """This process's limiter of either kind."""
    return RateLimiter(client(), on_failure=on_failure)


def _call_of(requests: Sequence[LimitSet]) -> tuple[list[str], list[str]]:
    """KEYS and ARGV of gcra.lua."""
    positions: dict[str, int] = {}
    arguments: list[int | float] = []
    for limits in requests:
        arguments.append(len(limits))
        for limit in limits:
            position = positions.setdefault(limit.key, len(positions) + 1)
            arguments += [position, limit.interval_microseconds, limit.allowance]
    return [_stored(key) for key in positions], [json.dumps(arguments)]


@cache
def _secret(secret_key: str | bytes) -> bytes:
    return hashlib.sha256(force_bytes(secret_key)).digest()


def _stored(key: str) -> str:
    """Keyed, because an address or a telephone number is found again by hashing all of them."""
    secret = _secret(settings.SECRET_KEY)
    name = key.encode(errors="surrogatepass")
    return f"rl:{hashlib.blake2b(name, digest_size=8, key=secret).hexdigest()}"
