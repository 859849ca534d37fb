from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Category, Method, Urgency
from apps.core.fields import EncryptedJSONField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.ingestion.models import Event
from apps.ingestion.types import EventKind


class GoldenCase(PublicIdModel, TimestampedModel):
    """What somebody says a verdict should have been, with all it takes to judge again.

    It outlives its event (`event` None), but neither its owner nor its business. An empty expected
    value was not called wrong.
    """

    class Origin(models.TextChoices):
        USER = "user", "The person it was for"
        OPERATOR = "operator", "An operator in the console"

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="golden_cases")
    event = models.ForeignKey(
        Event, null=True, on_delete=models.SET_NULL, related_name="golden_cases", db_index=False
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="Whose fact it is; empty for the whole business.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="golden_cases"
    )
    origin = models.CharField(max_length=10, choices=Origin)
    kind = models.CharField(max_length=16, choices=EventKind)
    fact = EncryptedJSONField()
    seniority = models.CharField(
        max_length=16, blank=True, help_text="What a job title meant; empty for anything else."
    )
    judged_at = models.DateTimeField()
    judged_urgency = models.CharField(max_length=8, choices=Urgency, blank=True)
    judged_category = models.CharField(max_length=16, choices=Category, blank=True)
    judged_method = models.CharField(max_length=12, choices=Method, blank=True)
    expected_urgency = models.CharField(max_length=8, choices=Urgency, blank=True)
    expected_category = models.CharField(max_length=16, choices=Category, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "author"], name="golden_case_once"),
            models.CheckConstraint(
                condition=~models.Q(expected_urgency="", expected_category=""),
                name="golden_case_expects_something",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.expected_urgency, self.expected_category)))
