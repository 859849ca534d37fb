"""`manage.py why EVENT_ID [--user EMAIL]`: why somebody was told of an event, or was not."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import User
from apps.notifications.management.why_lines import lines_of, lines_of_body
from apps.notifications.selectors.ways import waiting_body, way_of

# The largest number PostgreSQL's bigint keys can have.
_KEY_MAX = 2**63 - 1


class Command(BaseCommand):
    help = "The whole way of an event: where it came from, what was thought, who was told and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("event", help="The event's id, or its number in the console.")
        parser.add_argument("--user", default="", help="Only this person's decision, by address.")

    def handle(self, *args: Any, **options: Any) -> None:
        key = _key(options["event"])
        email = options["user"].strip().lower()
        if email and not User.objects.filter(email=email).exists():
            raise CommandError("Nobody has this address")
        way = way_of(key, email=email)
        if way is not None:
            self.stdout.write("\n".join(lines_of(way)))
            return
        raw = waiting_body(key) if isinstance(key, UUID) else None
        if raw is None:
            raise CommandError("There is no such event")
        self.stdout.write("\n".join(lines_of_body(raw)))


def _key(text: str) -> UUID | int:
    if text.isascii() and text.isdecimal() and int(text[:20]) <= _KEY_MAX:
        return int(text[:20])
    try:
        return UUID(text)
    except ValueError:
        raise CommandError("An event's id is a UUID, or its number in the console") from None
