"""`manage.py drain [--loop]`: the worker without a broker, and with --loop Beat as well."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from apps.ingestion.services.adopting import adopt_unowned
from apps.notifications.services.learning import propose_all
from apps.notifications.services.waking import let_go_owed
from apps.pipeline.services.dead_letters import complete_retried
from apps.pipeline.services.draining import DRAINS, drain_queue

AFTER_FAILURE_SECONDS = 1.0

log = structlog.get_logger(__name__)


@dataclass(slots=True, kw_only=True)
class Tick:
    """What is started again and again, `task` on Beat's table. `due_at` is on a monotonic clock."""

    task: str
    every_seconds: float
    start: Callable[[], object]
    due_at: float = 0.0


class Command(BaseCommand):
    help = "Drain the queues once, or for ever with --loop. Needs no Redis, no Celery and no Beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until stopped.")
        parser.add_argument("--pause", type=float, default=0.2, help="Seconds between rounds.")
        parser.add_argument("--queue", choices=sorted(DRAINS), help="Only this queue.")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [options["queue"]] if options["queue"] else list(DRAINS)
        if not options["loop"]:
            drain_all(queues)
            return
        ticks = ticks_of(queues)
        while True:
            if not run_due(ticks):
                time.sleep(AFTER_FAILURE_SECONDS)
            time.sleep(options["pause"])


def ticks_of(queues: Sequence[str]) -> list[Tick]:
    """What Beat would start: a sweep, which is a round of `queues` here, and beside every queue all
    that belongs to none."""
    sweep = Tick(task="pipeline.sweep", every_seconds=0, start=partial(drain_all, queues))
    if set(queues) != set(DRAINS):
        return [sweep]
    propose = Tick(
        task="notifications.propose",
        every_seconds=settings.PROPOSALS_INTERVAL_SECONDS,
        start=lambda: propose_all(now=timezone.now()),
    )
    return [sweep, propose]


def run_due(ticks: Sequence[Tick]) -> bool:
    """Start what is due by now. False where something failed: the others are started all the same,
    and what was claimed is due again when its lease runs out."""
    well = True
    for tick in ticks:
        if time.monotonic() < tick.due_at:
            continue
        tick.due_at = time.monotonic() + tick.every_seconds
        close_old_connections()
        try:
            tick.start()
        except Exception:
            log.exception("drain_failed", task=tick.task)
            well = False
    return well


def drain_all(queues: Sequence[str]) -> None:
    adopt_unowned()
    complete_retried(now=timezone.now())
    let_go_owed(now=timezone.now())
    for queue in queues:
        drain_queue(queue, seconds=30.0)
