from django.db import models

from apps.core.claims import QueueRow
from apps.core.fields import EncryptedJSONField, EncryptedTextField
from apps.ingestion.models import Event


class Insight(QueueRow):
    """What a model writes about an event that matters: the insight queue, and what came of it.

    The texts are plain, bounded by `engines.model_text` and None until the state is "done";
    `recommended_actions` is a list of sentences. `reason` says why it failed, or last failed.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        RETRY = "retry"
        DONE = "done"
        FAILED = "failed"

    OPEN = (State.PENDING, State.CLAIMED, State.RETRY)

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="insight")
    correlation_id = models.UUIDField()
    state = models.CharField(
        max_length=8, choices=State, default=State.PENDING, db_default=State.PENDING
    )
    attempt_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=40, blank=True, db_default="")
    detailed_insight = EncryptedTextField(null=True)
    recommended_actions = EncryptedJSONField(null=True)
    urgency_assessment = EncryptedTextField(null=True)
    model = models.CharField(max_length=120, blank=True, db_default="")
    prompt_version = models.CharField(max_length=64, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="insight_due",
                condition=models.Q(state__in=["pending", "claimed", "retry"]),
            ),
        ]

    def __str__(self) -> str:
        return f"insight: {self.state}"
