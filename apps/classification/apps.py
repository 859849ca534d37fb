"""Say what an event is and how much it weighs."""

from django.apps import AppConfig


class ClassificationConfig(AppConfig):
    name = "apps.classification"
    label = "classification"

    def ready(self) -> None:
        from apps.classification import metrics

        metrics.register()
