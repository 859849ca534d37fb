"""`manage.py classifier report [--since DAYS] [--json]`: how well events are judged."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.classification.management.report_lines import lines_of
from apps.classification.services.reporting import ClassifierReport, report

DAYS_AT_MOST = 36_500


class Command(BaseCommand):
    help = "Accuracy against the golden set, calibration, methods, titles and words no rule knew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["report"])
        parser.add_argument("--since", type=int, metavar="DAYS", help="Only of the last days.")
        parser.add_argument("--json", action="store_true", help="As JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["since"]
        if days is not None and not 0 < days <= DAYS_AT_MOST:
            raise CommandError(f"--since takes from 1 to {DAYS_AT_MOST} days")
        made = report(since=timezone.now() - timedelta(days=days) if days else None)
        if options["json"]:
            self.stdout.write(json.dumps(_document(made), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines_of(made)))


def _document(made: ClassifierReport) -> dict[str, Any]:
    """The confusion table as a list: JSON has no pairs for keys."""
    document = asdict(made)
    document["scores"]["confusion"] = [
        {"expected": expected, "said": said, "cases": cases}
        for (expected, said), cases in sorted(made.scores.confusion.items())
    ]
    return document
