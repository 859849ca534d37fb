"""The Celery side of the queues. A task names a queue, never a fact.

webhook committed ──hint──► drain(inbox) ──hint──► drain(deliver)
Beat, every few seconds ──► sweep ──hint──► drain(each queue)

CELERY_DB_REUSE_MAX keeps connections open across tasks, so each task drops a broken one first.
"""

from typing import Any

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from apps.core import hints
from apps.core.redis import client
from apps.ingestion.services.adopting import adopt_unowned
from apps.notifications.services.waking import let_go_owed
from apps.pipeline.services.dead_letters import complete_retried
from apps.pipeline.services.draining import DRAINS, Watch, drain_queue

# A drain gives its worker back after this long, so that no queue starves another.
DRAIN_SECONDS = 10.0


@shared_task(name="pipeline.drain")
def drain(*, queue: str, **_: Any) -> None:
    close_old_connections()
    drain_queue(queue, seconds=DRAIN_SECONDS, watch=_Hinting(queue))


class _Hinting(Watch):
    """While a drain keeps up alone, new work sends no hint at all."""

    def __init__(self, queue: str) -> None:
        self._queue = queue

    def alone(self) -> None:
        hints.hold(self._queue)

    def open(self) -> None:
        hints.taken(self._queue)

    def found(self, queues: frozenset[str]) -> None:
        for queue in queues:
            hints.poke(queue)


@shared_task(name="pipeline.bench_no_op")
def bench_no_op(**_: Any) -> None:
    """What `manage.py bench` compares the drain with: Celery's own cost, and one INCR."""
    client().incr("bench:no_op")


@shared_task(name="pipeline.sweep")
def sweep(**_: Any) -> None:
    """Beat's tick: whatever hint was lost, the work is found here."""
    close_old_connections()
    adopt_unowned()
    complete_retried(now=timezone.now())
    let_go_owed(now=timezone.now())
    for queue in DRAINS:
        hints.poke(queue)
