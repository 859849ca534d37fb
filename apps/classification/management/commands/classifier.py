"""`manage.py classifier report [--since DAYS] [--json]`: how well events are judged.

With `--prompt VERSION` or `--titles VERSION`: how well the golden set would be.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.classification.engines.scoring import Scores
from apps.classification.management import comparison_lines, report_lines
from apps.classification.services.golden_trying import (
    Comparison,
    prompt_to_ask,
    try_prompt,
    try_title_rules,
)
from apps.classification.services.reporting import ClassifierReport, report
from apps.classification.services.title_rules import rule_set_named
from apps.core.errors import VigilError

DAYS_AT_MOST = 36_500


class Command(BaseCommand):
    help = "Accuracy against the golden set, calibration, methods, titles and words no rule knew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["report"])
        parser.add_argument("--since", type=int, metavar="DAYS", help="Only of the last days.")
        parser.add_argument("--json", action="store_true", help="As JSON.")
        other = parser.add_mutually_exclusive_group()
        other.add_argument(
            "--prompt",
            metavar="VERSION",
            help="Ask the model with it (code, active, v1, …) about the golden set; that costs.",
        )
        other.add_argument(
            "--titles",
            metavar="VERSION",
            help="Judge the titles of the golden set by these rules (1, 2, … or business/1, …).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        since = _since(options["since"], now=now)
        tried = _tried(options["prompt"], options["titles"], since=since, now=now)
        made = tried or report(since=since)
        if options["json"]:
            self.stdout.write(json.dumps(_document(made), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(made)))


def _since(days: int | None, *, now: datetime) -> datetime | None:
    if days is None:
        return None
    if not 0 < days <= DAYS_AT_MOST:
        raise CommandError(f"--since takes from 1 to {DAYS_AT_MOST} days")
    return now - timedelta(days=days)


def _tried(
    prompt: str | None, titles: str | None, *, since: datetime | None, now: datetime
) -> Comparison | None:
    try:
        if prompt is not None:
            return try_prompt(prompt_to_ask(prompt), now=now, since=since)
        return try_title_rules(rule_set_named(titles), since=since) if titles is not None else None
    except VigilError as error:
        raise CommandError(str(error.detail)) from error


def _lines(made: ClassifierReport | Comparison) -> Iterator[str]:
    if isinstance(made, Comparison):
        return comparison_lines.lines_of(made)
    return report_lines.lines_of(made)


def _document(made: ClassifierReport | Comparison) -> dict[str, Any]:
    """The confusion tables as lists: JSON has no pairs for keys."""
    document = asdict(made)
    for name in document:
        scores = getattr(made, name)
        if isinstance(scores, Scores):
            document[name]["confusion"] = [
                {"expected": expected, "said": said, "cases": cases}
                for (expected, said), cases in sorted(scores.confusion.items())
            ]
    return document
