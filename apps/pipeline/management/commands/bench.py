"""`manage.py bench PART`: ratios in one interleaved run, never absolutes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.pipeline.bench import runs
from apps.pipeline.bench.measures import BenchFailed
from apps.pipeline.bench.processes import LIFTED
from apps.pipeline.bench.scoreboard import Scoreboard
from apps.pipeline.bench.scratch import scratch
from apps.pipeline.bench.world import build


class Command(BaseCommand):
    help = "Measure the door, the drain and a paced run against what they should beat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["ingest", "pipeline", "paced", "judge", "all"])
        parser.add_argument("--rounds", type=int, default=3, help="Interleaved rounds.")
        parser.add_argument("--rate", type=int, default=1_000, help="Paced webhooks a second.")
        parser.add_argument("--seconds", type=int, default=30, help="Length of the paced run.")
        parser.add_argument("--json", type=Path, help="Also write the figures here.")
        parser.add_argument("--here", action="store_true", help="Use the given stores as they are.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["here"]:
            # A process of its own, so that nothing of it ever knew the stores of the product.
            with scratch() as environment:
                command = [sys.executable, *sys.argv, "--here"]
                lifted = {**environment, **LIFTED}
                sys.exit(subprocess.run(command, env=lifted, check=False).returncode)  # noqa: S603
        call_command("migrate", interactive=False, verbosity=0)
        board = Scoreboard()
        try:
            self._measure(board, **options)
        except BenchFailed as error:
            raise CommandError(str(error)) from error
        self.stdout.write(board.text())
        if options["json"]:
            options["json"].write_text(json.dumps(board.document(), indent=2) + "\n")
        if not board.met:
            raise CommandError("a goal was missed")

    def _measure(self, board: Scoreboard, *, part: str, rounds: int, **options: Any) -> None:
        world, say = build(), self.stderr.write
        if part in ("ingest", "all"):
            runs.ingest(world, board, rounds=rounds, say=say)
        if part in ("pipeline", "all"):
            runs.pipeline(world, board, rounds=rounds, say=say)
        if part in ("paced", "all"):
            runs.paced(world, board, rate=options["rate"], seconds=options["seconds"], say=say)
        if part in ("judge", "all"):
            runs.judgement(world, board, rounds=rounds, say=say)
