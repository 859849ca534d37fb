"""`manage.py drain [--loop]`: the worker without a broker."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection

from apps.ingestion.services.adopting import adopt_unowned
from apps.pipeline.services.draining import DRAINS, drain_queue


class Command(BaseCommand):
    help = "Drain the queues once, or for ever with --loop. Needs no Redis and no Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="Go on until stopped.")
        parser.add_argument("--pause", type=float, default=0.2, help="Seconds between rounds.")
        parser.add_argument("--queue", choices=sorted(DRAINS), help="Only this queue.")

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [options["queue"]] if options["queue"] else list(DRAINS)
        self._round(queues)
        while options["loop"]:
            time.sleep(options["pause"])
            try:
                self._round(queues)
            except OperationalError as error:
                self.stderr.write(f"The database does not answer ({error.__class__.__name__})")
                connection.close()
                time.sleep(1.0)

    def _round(self, queues: list[str]) -> None:
        adopt_unowned()
        for queue in queues:
            drain_queue(queue, seconds=30.0)
