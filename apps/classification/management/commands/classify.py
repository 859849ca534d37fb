"""`manage.py classify --file MAIL.eml` or `--title "…"`: a verdict with reasons, kept nowhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.classification.management.verdict_lines import document_of, lines_of
from apps.classification.services.trying import Tried, try_mail, try_title
from apps.core.errors import VigilError
from apps.ingestion.engines.eml import MAIL_MAX_BYTES


class Command(BaseCommand):
    help = "What the rules say of a mail in a file, or of a job title. Nothing is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--file", type=Path, help="A mail as a file (.eml).")
        what.add_argument("--title", help="A job title.")
        parser.add_argument("--json", action="store_true", help="As JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        tried = self._try(options["file"], options["title"] or "")
        if options["json"]:
            self.stdout.write(json.dumps(document_of(tried), indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(lines_of(tried)))

    def _try(self, file: Path | None, title: str) -> Tried:
        if file is None:
            if not title.strip():
                raise CommandError("A job title is needed")
            return try_title(title, now=timezone.now())
        try:
            return try_mail(_read(file), now=timezone.now())
        except VigilError as error:
            raise CommandError(f"{file}: {error.detail}") from error


def _read(file: Path) -> bytes:
    """No more than it takes to see that it is too large."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAIL_MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
