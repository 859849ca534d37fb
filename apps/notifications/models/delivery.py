from django.db import models

from apps.core.claims import QueueRow
from apps.core.models import PublicIdModel
from apps.notifications.models.digest import Digest
from apps.notifications.models.notification import Notification


class Delivery(QueueRow):
    """One notification, or one digest, on its way through one channel: the delivery queue.

    `counted_on` is the day whose Tally it was counted in when it was decided, by its person's zone
    of then; None where nothing was counted. A Move says it of what was moved since.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        ATTEMPTING = "attempting"
        RETRY = "retry"
        UNKNOWN = "unknown"
        DELIVERED = "delivered"
        FAILED = "failed"
        EXPIRED = "expired"
        SUPPRESSED = "suppressed"
        DEAD = "dead"

    OPEN = (State.PENDING, State.CLAIMED, State.RETRY, State.UNKNOWN)
    # Nobody has begun it, or nobody is at it.
    WAITING = (State.PENDING, State.RETRY)

    notification = models.ForeignKey(
        Notification, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    digest = models.ForeignKey(
        Digest, null=True, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    channel = models.CharField(max_length=24)
    correlation_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=60, blank=True, db_default="")
    finished_at = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once"),
            models.UniqueConstraint(
                fields=["digest"],
                name="delivery_digest_once",
                condition=models.Q(digest__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(notification__isnull=False, digest__isnull=True)
                | models.Q(notification__isnull=True, digest__isnull=False),
                name="delivery_of_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="delivery_due",
                condition=models.Q(
                    state__in=["pending", "claimed", "attempting", "retry", "unknown"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"

    @property
    def subject(self) -> Notification | Digest:
        """What is on its way."""
        subject = self.notification or self.digest
        assert subject is not None  # noqa: S101  # a constraint of the table
        return subject


class DeliveryAttempt(PublicIdModel):
    """One try, committed before the send; `public_id` is the ref that the provider is given."""

    class Outcome(models.TextChoices):
        SENDING = "sending"
        DELIVERED = "delivered"
        FAILED = "failed"
        UNKNOWN = "unknown"

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.SENDING)
    started_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True, db_default="")
    error = models.CharField(max_length=300, blank=True, db_default="", help_text="Redacted.")
    provider_message_id = models.CharField(max_length=120, blank=True, db_default="")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome}"
