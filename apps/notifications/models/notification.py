from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Category
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel
from apps.ingestion.models import Event
from apps.notifications.models.decision import Decision
from apps.notifications.types import MootReason


class Notification(PublicIdModel):
    """What one person is told. `due_at` is when it enters the inbox.

    Deliveries carry it there, or a digest that it waits for (`awaits_digest`) and that takes it
    along. One that enters the inbox by itself may await, at `digest_slot`, the digest of some other
    channels: they stand in `awaits_channels`, which is None where it is all of them, at `due_at`.
    `moot_reason` says why it was not told when its time had come.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        QUEUED = "queued"
        DELIVERED = "delivered"
        READ = "read"
        FAILED = "failed"
        EXPIRED = "expired"

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notifications",
        db_index=False,
        db_constraint=False,
    )
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="notification")
    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="notifications", db_constraint=False
    )
    correlation_id = models.UUIDField()
    title = EncryptedTextField()
    body = EncryptedTextField()
    category = models.CharField(max_length=16, choices=Category)
    priority = models.PositiveSmallIntegerField()
    fingerprint = models.BigIntegerField()
    text_fingerprint = models.BigIntegerField(db_default=0)
    status = models.CharField(max_length=10, choices=Status)
    awaits_digest = models.BooleanField(default=False, db_default=False)
    awaits_channels = ArrayField(models.CharField(max_length=24), null=True)
    digest_slot = models.DateTimeField(null=True)
    moot_reason = models.CharField(
        max_length=16, choices=MootReason, blank=True, default="", db_default=""
    )
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=models.functions.Now())
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_page"),
            models.Index(
                fields=["user", "-delivered_at", "-public_id"],
                name="notification_inbox",
                condition=models.Q(delivered_at__isnull=False),
            ),
            models.Index(
                fields=["user", "-id"],
                name="notification_unread",
                condition=models.Q(status="delivered"),
            ),
            models.Index(
                fields=["user", "due_at", "-id"],
                name="notification_put_off",
                condition=models.Q(due_at__gt=models.F("created_at")),
            ),
            models.Index(
                fields=["user", "due_at"],
                name="notification_waiting",
                condition=models.Q(awaits_digest=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} for {self.user_id}"
