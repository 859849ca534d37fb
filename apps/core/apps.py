"""What any service needs and no domain word."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        from apps.core import checks, correlation, logs, startup  # noqa: F401  # checks register

        startup.refuse_unsafe_production()
        logs.configure()
        logs.connect_celery()
        correlation.connect_celery()
