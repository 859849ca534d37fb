from django.db import models

from apps.accounts.models import Business
from apps.core.models import PublicIdModel, TimestampedModel


class Task(PublicIdModel, TimestampedModel):
    """Work an operator can see, cancel and retry. A dead letter is a status of it, not a table.

    `subject` ("queue:id") names the row that could not be finished; a retry makes that same row
    due again, so whatever it did before is still deduplicated.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"
        DEAD_LETTER = "dead_letter"

    class Priority(models.IntegerChoices):
        LOW = 0
        MEDIUM = 1
        HIGH = 2
        CRITICAL = 3

    business = models.ForeignKey(Business, null=True, on_delete=models.CASCADE, related_name="+")
    type = models.CharField(max_length=40)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    description = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=60, unique=True)
    correlation_id = models.UUIDField(null=True)
    completed_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    retry_count = models.PositiveSmallIntegerField(default=0)
    max_retries = models.PositiveSmallIntegerField(default=3)
    error = models.JSONField(default=dict, help_text="Code and redacted text.")
    result = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "-updated_at"], name="task_status")]

    def __str__(self) -> str:
        return f"{self.type} {self.subject}"
