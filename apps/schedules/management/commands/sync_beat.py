"""`manage.py sync_beat`: the fixed ticks into Beat's table."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.schedules.services.beat_table import sync


class Command(BaseCommand):
    help = "Upsert Vigil's own Beat entries. Entries made by operators are never touched."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = sync()
        if options["verbosity"] > 0:
            self.stdout.writelines(f"changed: {name}\n" for name in changed)
