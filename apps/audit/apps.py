"""What happened, and when that rings a bell."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "apps.audit"
    label = "audit"

    def ready(self) -> None:
        from apps.audit.services import consents, logins

        consents.connect()
        logins.connect()
