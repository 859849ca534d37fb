from django.db import models

from apps.notifications.models.delivery import DeliveryAttempt
from apps.notifications.types import ReportKind


class ProviderReport(models.Model):
    """What a provider told of a message, once: the inbox of callbacks.

    `attempt` is NULL as long as nobody knows which message it is about: a provider may be faster
    than our own commit of the id that it gave the message.
    """

    provider = models.CharField(max_length=40)
    callback_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=ReportKind)
    lasting = models.BooleanField(default=False)
    code = models.CharField(max_length=60, blank=True)
    provider_message_id = models.CharField(max_length=120, blank=True)
    attempt = models.ForeignKey(
        DeliveryAttempt, null=True, on_delete=models.CASCADE, related_name="reports"
    )
    at = models.DateTimeField(help_text="By the provider's clock.")
    received_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "callback_id"], name="report_once"),
        ]
        indexes = [
            models.Index(
                fields=["provider_message_id"],
                name="report_unplaced",
                condition=models.Q(attempt__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.kind}"
