"""`manage.py replay`: recorded events judged again by another classifier, nothing sent."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.classification.management.comparison_lines import asked_lines
from apps.core.errors import InvalidInput, VigilError
from apps.core.timing import parse_instant
from apps.pipeline.services.rejudging import TITLES, Rejudgement, classifier_of, rejudge


class Command(BaseCommand):
    help = (
        "Show which verdicts another classifier would have turned, and what would have been told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="since", required=True, help="ISO day or moment (UTC).")
        parser.add_argument("--to", dest="until", help="ISO day or moment; now without it.")
        parser.add_argument(
            "--classifier",
            default="rules",
            help="rules; code, active, v1, … of prompts; titles:1 or titles:business/1, …",
        )
        parser.add_argument("--limit", type=int, default=2_000, help="The first so many events.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        since = _moment(options["since"])
        until = _moment(options["until"]) if options["until"] else now
        if since >= until or options["limit"] < 1:
            raise CommandError("There is nothing between --from and --to, or --limit is below 1")
        try:
            classifier = classifier_of(options["classifier"])
        except VigilError as error:
            raise CommandError(str(error.detail)) from error
        found = rejudge(
            since=since, until=until, classifier=classifier, limit=options["limit"], now=now
        )
        self.stdout.write("\n".join(_lines(found, options["classifier"])))


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text, naive=UTC)
    except InvalidInput:
        raise CommandError(f"{text} is neither a day nor a moment of ISO 8601") from None


def _lines(found: Rejudgement, classifier: str) -> list[str]:
    lines = [f"{found.events} events judged again by {classifier}; nothing was sent."]
    lines += _table("urgency", found.urgencies, found.events)
    lines += _table("category", found.categories, found.events)
    if classifier.startswith(TITLES):
        lines += _table("what a new title means", found.changes, found.events)
    lines += _table("outcome for a recipient", found.outcomes, found.recipients)
    return lines + asked_lines(found.asking)


def _table(what: str, pairs: Counter[tuple[str, str]], among: int) -> list[str]:
    lines = [f"{what}: {pairs.total()} of {among} flipped"]
    return lines + [
        f"  {before:>14} → {after:<14} {count}"
        for (before, after), count in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
