"""`manage.py sync_beat`: the fixed ticks into Beat's table."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.schedules.services.beat_table import sync


class Command(BaseCommand):
    help = "Upsert Vigil's own Beat entries. Entries made by operators are never touched."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in sync():
            self.stdout.write(f"changed: {name}")
