from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Category, Urgency
from apps.core.models import PublicIdModel, TimestampedModel
from apps.ingestion.models import Event
from apps.notifications.models.notification import Notification


class Feedback(PublicIdModel, TimestampedModel):
    """What somebody says of being told, or of a verdict; once for each kind.

    `notification` is None where an operator speaks of the verdict itself. `urgency` and `category`
    are what would have been right, of kind wrong only.
    """

    class Kind(models.TextChoices):
        HELPFUL = "helpful"
        DISMISSED = "dismissed"
        LESS_LIKE_THIS = "less_like_this"
        WRONG = "wrong"

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="feedback")
    notification = models.ForeignKey(
        Notification, null=True, on_delete=models.CASCADE, related_name="feedback"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=16, choices=Kind)
    urgency = models.CharField(max_length=8, choices=Urgency, blank=True)
    category = models.CharField(max_length=16, choices=Category, blank=True)

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "event", "kind"], name="feedback_once"),
            models.CheckConstraint(
                condition=models.Q(kind="wrong") ^ models.Q(urgency="", category=""),
                name="feedback_wrong_says_what_is_right",
            ),
        ]
        indexes = [models.Index(fields=["user", "kind", "-created_at"], name="feedback_of_kind")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.user_id}"
