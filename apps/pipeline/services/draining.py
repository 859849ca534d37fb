"""Draining a queue until it is empty: what a hint, a sweep and `manage.py drain` all do."""

import os
import socket
import time
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.pipeline.models import Heartbeat
from apps.pipeline.services.deliveries import drain_deliveries
from apps.pipeline.services.inbox import drain_inbox
from apps.pipeline.types import Drained

Drain = Callable[..., Drained]

DRAINS: Mapping[str, Drain] = {"inbox": drain_inbox, "deliver": drain_deliveries}


def drain_queue(queue: str, *, seconds: float) -> frozenset[str]:
    """Rounds until nothing is due or the time is up. Returns the queues that now have work."""
    deadline = time.monotonic() + seconds
    hints: set[str] = set()
    while True:
        round_ = DRAINS[queue](now=timezone.now(), limit=settings.DRAIN_BATCH_ROWS)
        hints |= round_.hints
        if not round_.claimed:
            break
        if time.monotonic() >= deadline:
            hints.add(queue)
            break
    beat(queue)
    return frozenset(hints)


def beat(queue: str) -> None:
    """This worker has just worked: the console believes nothing else."""
    table = Heartbeat._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table} (queue, drained_at, worker) VALUES (%s, clock_timestamp(), %s)
            ON CONFLICT (queue) DO UPDATE
            SET drained_at = excluded.drained_at, worker = excluded.worker
            WHERE {table}.drained_at < excluded.drained_at - interval '1 second'
            """,  # noqa: S608  # the table's own name
            [queue, f"{socket.gethostname()}:{os.getpid()}"[:80]],
        )
