"""`manage.py digest preview --user EMAIL`: somebody's next digest, now. Sends nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import VigilError
from apps.notifications.services.digesting import preview_digest


class Command(BaseCommand):
    help = "Show what somebody's next digest would be if it went now. Nothing is sent or changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["preview"])
        parser.add_argument("--user", required=True, help="The person's e-mail address.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError("Nobody has this address")
        try:
            parts = preview_digest(user, now=timezone.now())
        except VigilError as error:
            raise CommandError(error.detail) from error
        if not parts:
            self.stdout.write("Nothing waits: there would be no digest.")
        for part in parts:
            self.stdout.write(f"{part.channel} · {part.period_key}\n{part.words.title}\n")
            self.stdout.write(f"{part.words.body}\n\n")
