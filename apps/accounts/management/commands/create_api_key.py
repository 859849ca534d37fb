from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.services import api_keys
from apps.core.errors import VigilError


class Command(BaseCommand):
    help = "Make an API key for a person's own business and print it. It is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="Whose rights the key has.")
        parser.add_argument("name", help="What the key is for.")
        parser.add_argument("--scope", action="append", choices=api_keys.SCOPES, dest="scopes")
        parser.add_argument("--days", type=int, help="Days until it expires; for ever without.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError("Nobody has this address")
        days = options["days"]
        try:
            _, text = api_keys.create(
                user=user,
                name=options["name"],
                scopes=options["scopes"] or [api_keys.READ],
                expires_at=timezone.now() + timedelta(days=days) if days else None,
            )
        except VigilError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(text)
