"""Take what mail servers report of mails that were sent over SMTP."""

import mailbox
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from apps.core import hints
from apps.notifications.engines.bounces import bounces_of
from apps.notifications.services.callbacks import take

PROVIDER = "smtp"

# What a mail server understands as: keep it, and call me again later (sysexits.h).
EX_TEMPFAIL = 75
MAX_BYTES = 1_048_576
_SEEN = "S"


class Command(BaseCommand):
    help = (
        "Read delivery status notifications (RFC 3464): one mail from standard input, as a mail "
        "server pipes it, or from files, or the unseen ones of a Maildir, which are marked seen."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--file", nargs="+", type=Path, help="Each holds one mail.")
        source.add_argument("--maildir", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            read, taken = self._read(options["file"], options["maildir"])
        except (OSError, mailbox.Error) as error:
            raise CommandError(f"It cannot be read: {type(error).__name__}") from error
        except Error as error:
            raise CommandError("The database is away, try again", returncode=EX_TEMPFAIL) from error
        self.stdout.write(f"{read} read, {taken} new reports")

    def _read(self, files: list[Path] | None, maildir: Path | None) -> tuple[int, int]:
        read = taken = 0
        for raw in _maildir(maildir) if maildir else _mails(files):
            read += 1
            taken += take(PROVIDER, bounces_of(raw, now=timezone.now()), now=timezone.now())
        if taken:
            hints.poke("deliver")
        return read, taken


def _mails(files: list[Path] | None) -> Iterator[bytes]:
    if files is None:
        yield sys.stdin.buffer.read(MAX_BYTES)
        return
    for path in files:
        with path.open("rb") as mail:
            yield mail.read(MAX_BYTES)


def _maildir(folder: Path) -> Iterator[bytes]:
    """Marked seen once what it reports is committed: killed before, it is read again."""
    box = mailbox.Maildir(folder, create=False)
    for key in box.keys():  # noqa: SIM118  # a Maildir's iteration is of mails
        mail = box.get_message(key)
        if _SEEN in mail.get_flags():
            continue
        with box.get_file(key) as raw:
            yield raw.read(MAX_BYTES)
        mail.set_subdir("cur")
        mail.add_flag(_SEEN)
        box[key] = mail
