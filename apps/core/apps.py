"""What any service needs and no domain word."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        from apps.core import (  # noqa: F401  # checks and lookups register
            checks,
            correlation,
            logs,
            lookups,
            startup,
        )

        startup.refuse_unsafe_production()
        logs.configure()
        logs.connect_celery()
        correlation.connect_celery()
