"""The one Redis client of a process. Redis holds rate limits and hints, never a fact."""

from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry


@cache
def client() -> redis.Redis:
    """Made on first use; safe in threads and after a fork.

    No call waits longer than REDIS_SOCKET_TIMEOUT_MS for one answer and none is tried again:
    whoever asks has something else to do when Redis is away.
    """
    return connect(settings.REDIS_URL)


def connect(url: str) -> redis.Redis:
    """A client for `url` with the same time-outs."""
    timeout_seconds = settings.REDIS_SOCKET_TIMEOUT_MS / 1_000
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=timeout_seconds,
        retry=Retry(NoBackoff(), 0),
    )
