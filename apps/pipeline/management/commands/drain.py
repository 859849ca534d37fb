"""`manage.py drain [--loop]`: the worker without a broker."""

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections
from django.utils import timezone

from apps.ingestion.services.adopting import adopt_unowned
from apps.pipeline.services.dead_letters import complete_retried
from apps.pipeline.services.draining import DRAINS, drain_queue

AFTER_FAILURE_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Drain the queues once, or for ever with --loop. Needs no Redis and no Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until stopped.")
        parser.add_argument("--pause", type=float, default=0.2, help="Seconds between rounds.")
        parser.add_argument("--queue", choices=sorted(DRAINS), help="Only this queue.")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [options["queue"]] if options["queue"] else list(DRAINS)
        if not options["loop"]:
            self._round(queues)
            return
        while True:
            try:
                self._round(queues)
            except Exception:  # what was claimed is due again when its lease runs out
                log.exception("drain_failed")
                time.sleep(AFTER_FAILURE_SECONDS)
            time.sleep(options["pause"])

    def _round(self, queues: list[str]) -> None:
        close_old_connections()
        adopt_unowned()
        complete_retried(now=timezone.now())
        for queue in queues:
            drain_queue(queue, seconds=30.0)
