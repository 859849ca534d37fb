from django.db import models

from apps.core.claims import QueueRow
from apps.core.models import PublicIdModel
from apps.notifications.models.address import Address
from apps.notifications.models.digest import Digest
from apps.notifications.models.message_template import MessageTemplate
from apps.notifications.models.notification import Notification
from apps.notifications.types import ReportKind


class Delivery(QueueRow):
    """One notification, or one digest, on its way through one channel: the delivery queue.

    `address` is settled when it is sent first: addresses may come and go until then. The one that
    it `stands_in_for` failed, or was not read in time, so that this one was made. `held` waits for
    an operator: nobody knows whether it was sent.

    `counted_on` is the day whose Tally it was counted in when it was decided, by its person's zone
    of then; None where nothing was counted. A Move says it of what was moved since.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        ATTEMPTING = "attempting"
        RETRY = "retry"
        UNKNOWN = "unknown"
        HELD = "held"
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
    address = models.ForeignKey(
        Address, null=True, on_delete=models.RESTRICT, related_name="deliveries", db_index=False
    )
    stands_in_for = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="stand_ins", db_index=False
    )
    correlation_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=State, default=State.PENDING)
    attempt_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    failure_count = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Attempts that count for the retry schedule."
    )
    reason = models.CharField(max_length=60, blank=True, db_default="")
    finished_at = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel", "address"],
                name="delivery_once",
                condition=models.Q(notification__isnull=False),
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["digest", "channel", "address"],
                name="delivery_digest_once",
                condition=models.Q(digest__isnull=False),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(notification__isnull=False, digest__isnull=True)
                | models.Q(notification__isnull=True, digest__isnull=False),
                name="delivery_of_one_thing",
            ),
        ]
        indexes = [
            # The log of mails is read newest first, and mails are few among all deliveries.
            models.Index(
                fields=["-id"], name="delivery_mails", condition=models.Q(channel="email")
            ),
            # What a hook has missed.
            models.Index(
                fields=["address", "finished_at"],
                name="delivery_lost",
                condition=models.Q(address__isnull=False, state__in=["failed", "dead"]),
            ),
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
        LOST = "lost", "Lost: nobody will ever know"

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.SENDING)
    started_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True, db_default="")
    error = models.CharField(max_length=300, blank=True, db_default="", help_text="Redacted.")
    provider = models.CharField(max_length=120, blank=True, db_default="")
    provider_message_id = models.CharField(max_length=120, blank=True, db_default="")
    template = models.ForeignKey(
        MessageTemplate,
        null=True,
        on_delete=models.SET_NULL,
        related_name="attempts",
        db_index=False,
        help_text="Whose words it had; empty: the fact's own.",
    )
    parts = models.PositiveSmallIntegerField(default=1, db_default=1)
    cost_micros = models.BigIntegerField(
        default=0, db_default=0, help_text="Millionths of a dollar."
    )
    report = models.CharField(
        max_length=12, choices=ReportKind, blank=True, db_default="", help_text="By the provider."
    )
    reported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_once"),
        ]
        indexes = [
            # Reports that come without our own ref name the provider's.
            models.Index(
                fields=["provider_message_id"],
                name="attempt_by_provider_id",
                condition=~models.Q(provider_message_id=""),
            ),
            models.Index(
                fields=["template"],
                name="attempt_by_template",
                condition=models.Q(template__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}: {self.outcome}"
