from django.db import models

from apps.classification.types import Category, Method, RiskLevel, Urgency
from apps.core.fields import EncryptedTextField
from apps.ingestion.models import Event


class Classification(models.Model):
    """The verdict on one event: see `apps.classification.types.Verdict` for the ranges."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="classification")
    correlation_id = models.UUIDField()
    priority = models.PositiveSmallIntegerField()
    urgency = models.CharField(max_length=8, choices=Urgency)
    category = models.CharField(max_length=16, choices=Category)
    action_required = models.BooleanField()
    relevance = models.FloatField()
    sentiment = models.FloatField()
    risk = models.CharField(max_length=8, choices=RiskLevel)
    confidence = models.FloatField()
    method = models.CharField(max_length=12, choices=Method)
    reason = models.CharField(max_length=300)
    suggested_action = models.CharField(max_length=300, blank=True)
    signals = models.JSONField(default=list)
    vip = models.BooleanField(default=False)
    code = EncryptedTextField(null=True)
    expires_at = models.DateTimeField(null=True)
    rules_version = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(priority__range=(1, 10)), name="verdict_priority_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.urgency} {self.category}"
