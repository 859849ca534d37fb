from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Level
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel
from apps.ingestion.models import Event, Source


class SeniorityState(models.Model):
    """A community member who is senior now. Nobody else has a row (seed 004)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    person_id = models.CharField(max_length=200)
    person_name = EncryptedTextField()
    title = EncryptedTextField()
    level = models.CharField(max_length=8, choices=Level)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "person_id"], name="seniority_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.person_id}"


class Detection(PublicIdModel):
    """Somebody became senior, or more senior: material of digests and reports."""

    class Change(models.TextChoices):
        FIRST = "first"
        PROMOTION = "promotion"

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="detections")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="detection")
    correlation_id = models.UUIDField()
    person_id = models.CharField(max_length=200)
    person_name = EncryptedTextField()
    title = EncryptedTextField()
    level = models.CharField(max_length=8, choices=Level)
    previous_level = models.CharField(max_length=8, choices=Level, blank=True)
    change = models.CharField(max_length=10, choices=Change)
    detected_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["business", "-detected_at"], name="detection_when")]

    def __str__(self) -> str:
        return f"{self.change} to {self.level}"
