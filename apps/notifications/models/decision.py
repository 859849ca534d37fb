from django.conf import settings
from django.db import models

from apps.core.models import PublicIdModel
from apps.ingestion.models import Event
from apps.notifications.types import Outcome, Reason


class Decision(PublicIdModel):
    """Why one person was told of one event, or not: the noise filter's outcome with its trace."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="decisions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="decisions",
        db_index=False,
    )
    correlation_id = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.CharField(max_length=24, choices=Reason)
    trace = models.JSONField()
    due_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event"], name="decision_once"),
        ]
        indexes = [
            models.Index(
                fields=["user", "due_at"],
                name="decision_deferred",
                condition=models.Q(outcome="defer"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} ({self.reason})"
