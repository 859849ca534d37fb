"""`manage.py demo --trickle --url …`: the demo's world goes on talking."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, connection
from django.utils import timezone

from apps.core.errors import VigilError
from apps.pipeline.demo.lines import Dice
from apps.pipeline.demo.payloads import next_shipment
from apps.pipeline.demo.sending import is_seeded, post


class Command(BaseCommand):
    help = "Post varied, signed webhooks to a running Vigil: a few at once, or a trickle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", required=True, help="Where Vigil is served.")
        parser.add_argument("--count", type=int, default=6, help="How many to begin with.")
        parser.add_argument("--trickle", action="store_true", help="Go on until stopped.")
        parser.add_argument("--every", type=float, default=8.0, help="Mean seconds between two.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not self._is_seeded():
            raise CommandError("no demo here: start `up` without `--no-demo`")
        dice = Dice()
        for _ in range(options["count"]):
            self._post(dice, options["url"])
        while options["trickle"]:
            time.sleep(dice.uniform(0.5, 1.5) * options["every"])
            self._post(dice, options["url"])

    def _is_seeded(self) -> bool:
        """True also when the database cannot say: it may be back for the first body."""
        try:
            return is_seeded()
        except Error as error:
            self._say_briefly("database", error)
            return True

    def _post(self, dice: Dice, url: str) -> None:
        """A failure is one line, never the end."""
        now = timezone.now()
        shipment = next_shipment(dice, now)
        try:
            status = post(shipment, base_url=url, now=now)
        except VigilError as error:
            self.stderr.write(f"{shipment.slug}: {error.code}")
        except Error as error:
            self._say_briefly(shipment.slug, error)
        else:
            self.stdout.write(f"{shipment.slug}: {status}")
        connection.close_if_unusable_or_obsolete()

    def _say_briefly(self, about: str, error: Error) -> None:
        self.stderr.write(f"{about}: the database did not answer ({type(error).__name__})")
