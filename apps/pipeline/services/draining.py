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
from apps.pipeline.services.digests import drain_digests
from apps.pipeline.services.inbox import drain_inbox
from apps.pipeline.services.insights import drain_insights
from apps.pipeline.services.questions import drain_questions
from apps.pipeline.types import Drained

Drain = Callable[..., Drained]

DRAINS: Mapping[str, Drain] = {
    "inbox": drain_inbox,
    "llm": drain_questions,
    "digest": drain_digests,
    "deliver": drain_deliveries,
    "insights": drain_insights,
}


class Watch:
    """What a drain tells its caller between two rounds; this one does not listen."""

    def alone(self) -> None:
        """This worker keeps up: nobody else need be called."""

    def open(self) -> None:
        """From now on new work must call somebody, be it that this worker has too much or none."""

    def found(self, queues: frozenset[str]) -> None:
        """These queues now have work."""


def drain_queue(queue: str, *, seconds: float, watch: Watch | None = None) -> None:
    """Rounds until nothing is due or the time is up.

    A full round opens the door to a second worker, a short one keeps it closed: fewer, larger
    rounds cost less. Before the last look, which finds nothing, it is opened for good.
    """
    watch = watch or Watch()
    deadline = time.monotonic() + seconds
    opened = False
    while time.monotonic() < deadline:
        round_ = DRAINS[queue](now=timezone.now(), limit=settings.DRAIN_BATCH_ROWS)
        if round_.hints:
            watch.found(round_.hints)
        if not round_.claimed and opened:
            break
        opened = not 0 < round_.claimed < settings.DRAIN_BATCH_ROWS
        (watch.open if opened else watch.alone)()
    else:
        watch.open()
        watch.found(frozenset({queue}))
    beat(queue)


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
