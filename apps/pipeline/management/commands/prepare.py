"""`manage.py prepare [--demo]`: everything a start needs, in one Django boot."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from apps.accounts.models import User
from apps.classification.services.title_rules import ensure_defaults
from apps.pipeline.demo import guide
from apps.pipeline.demo.seeding import seed


class Command(BaseCommand):
    help = (
        "Migrate and put the defaults in; with --demo also a small business to look at. "
        "Says what to do first; --verbosity 0 says nothing but that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="Seed the demo business.")
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="Where it will be served.")

    def handle(self, *args: Any, **options: Any) -> None:
        chatty = options["verbosity"] > 0
        call_command("migrate", interactive=False, verbosity=0)
        if ensure_defaults() and chatty:
            self.stdout.write("title rules: defaults put in")
        call_command("sync_beat", verbosity=options["verbosity"], stdout=self.stdout)
        if options["demo"]:
            self.stdout.write(guide.text(seed(), options["url"]))
        elif not User.objects.exists():
            self.stdout.write(guide.FIRST_PERSON)
