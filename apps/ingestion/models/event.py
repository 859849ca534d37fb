from django.conf import settings
from django.db import models

from apps.accounts.models import Business, Client
from apps.core.fields import EncryptedJSONField, EncryptedTextField
from apps.core.models import PublicIdModel
from apps.ingestion.models.raw_event import RawEvent
from apps.ingestion.models.source import Source
from apps.ingestion.types import EventKind


class Event(PublicIdModel):
    """One fact in one shape, whoever sent it, linked to what Vigil knew when it came.

    `user` is whose fact it is; None where the whole business watches. `previous` is the last
    event of the same thread, `duplicate_of` an equal one inside the window.
    """

    raw_event = models.ForeignKey(
        RawEvent, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    ordinal = models.PositiveSmallIntegerField(default=0)
    business = models.ForeignKey(
        Business,
        on_delete=models.CASCADE,
        related_name="events",
        db_index=False,
        db_constraint=False,
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="events",
        db_index=False,
    )
    client = models.ForeignKey(
        Client, null=True, on_delete=models.SET_NULL, related_name="events", db_index=False
    )
    previous = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    duplicate_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="duplicates", db_index=False
    )
    correlation_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=16, choices=EventKind)
    event_type = models.CharField(max_length=120)
    external_id = models.CharField(max_length=300, blank=True)
    thread_key = models.CharField(max_length=300, blank=True)
    title = EncryptedTextField()
    content = EncryptedTextField()
    truncated = models.BooleanField(default=False)
    sender_name = EncryptedTextField()
    sender_address = EncryptedTextField()
    sender_index = models.BinaryField(max_length=16, null=True)
    details = EncryptedJSONField()
    content_digest = models.BinaryField(max_length=32)
    fingerprint = models.BigIntegerField()
    text_fingerprint = models.BigIntegerField(db_default=0)
    occurred_at = models.DateTimeField(null=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["raw_event", "ordinal"], name="event_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="event_user_page"),
            models.Index(
                fields=["business", "-id"],
                name="event_business_page",
                condition=models.Q(user__isnull=True),
            ),
            models.Index(fields=["user", "content_digest"], name="event_fold"),
            models.Index(
                fields=["user", "thread_key", "-id"],
                name="event_thread",
                condition=~models.Q(thread_key=""),
            ),
            *(
                models.Index(
                    fields=[field],
                    name=f"event_{field}",
                    condition=models.Q(**{f"{field}__isnull": False}),
                )
                for field in ("client", "previous", "duplicate_of")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_type} {self.public_id}"
