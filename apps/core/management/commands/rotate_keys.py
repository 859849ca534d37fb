"""`manage.py rotate_keys`: after it reports 0 rows left, the old keys may leave FIELD_KEYS."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.services import rotation


class Command(BaseCommand):
    help = (
        "Re-encrypt every encrypted column with the first key of FIELD_KEYS. It may be interrupted"
        " and started again; it fails while rows are left that it could not re-encrypt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count the rows left")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        columns = rotation.encrypted_columns()
        if not dry_run:
            for column in columns:
                self._rotate(column)
        left = sum(self._report(column) for column in columns)
        if left and not dry_run:
            raise CommandError(f"{left} rows left: keep the old keys, and run this again")

    def _rotate(self, column: rotation.EncryptedColumn) -> None:
        total, done = rotation.rows_left(column), 0
        for batch in rotation.rotate(column):
            done += batch.rotated
            unreadable = f", {batch.unreadable} unreadable" if batch.unreadable else ""
            self.stdout.write(f"{column.context}: {done} of {total}{unreadable}")

    def _report(self, column: rotation.EncryptedColumn) -> int:
        left = rotation.rows_left(column)
        self.stdout.write(f"{column.context}: {left} rows left")
        return left
