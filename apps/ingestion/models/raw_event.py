from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models

from apps.accounts.models import Business
from apps.core.claims import QueueRow
from apps.core.crypto import decrypt, encrypt
from apps.core.fields import EncryptedBinaryField
from apps.ingestion.models.source import Source


class RawEvent(QueueRow):
    """A body as it came, verified and kept: the inbox queue, and what replay starts from.

    `dedup_key` is unique per source; `correlation_id` is the id the sender was given and every
    later row carries. Rows without an owner or with an unknown shape stay, with their reason.
    """

    class State(models.TextChoices):
        RECEIVED = "received"
        PROCESSING = "processing"
        RETRY = "retry"
        UNSURE = "unsure"
        ASKING = "asking"
        DONE = "done"
        SKIPPED = "skipped"
        UNOWNED = "unowned"
        QUARANTINED = "quarantined"
        DEAD = "dead"

    OPEN = (State.RECEIVED, State.PROCESSING, State.RETRY)
    # Read and judged by rules that were not sure: a model is asked (apps/pipeline).
    OPEN_QUESTION = (State.UNSURE, State.ASKING)

    # Its source says the same: checking one and the same business for every fact, with a lock on
    # its row, cost the database more than the row itself (docs/adr/0008).
    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, related_name="raw_events", db_index=False
    )
    correlation_id = models.UUIDField(unique=True)
    dedup_key = models.BinaryField(max_length=32)
    body = EncryptedBinaryField()
    body_digest = models.BinaryField(max_length=32)
    headers = models.JSONField(default=dict)
    event_type = models.CharField(max_length=120, blank=True)
    accounts = ArrayField(models.CharField(max_length=240), default=list)
    occurred_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(db_default=models.functions.Now())
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=60, blank=True)
    last_error = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("view_raw_body", "Can see the body of a raw event")]
        constraints = [
            models.UniqueConstraint(fields=["source", "dedup_key"], name="raw_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="raw_event_due",
                condition=models.Q(state__in=["received", "processing", "retry"]),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="raw_event_unsure",
                condition=models.Q(state__in=["unsure", "asking"]),
            ),
            GinIndex(
                fields=["accounts"],
                name="raw_event_unowned",
                condition=models.Q(state="unowned"),
            ),
            models.Index(
                fields=["state", "-id"],
                name="raw_event_trouble",
                condition=models.Q(state__in=["unowned", "quarantined", "dead"]),
            ),
            BrinIndex(fields=["received_at"], name="raw_event_received", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.event_type or 'body'} {self.correlation_id}"

    @classmethod
    def decrypt_body(cls, stored: bytes) -> bytes:
        """What a drain that reads the column itself found in it."""
        return decrypt(bytes(stored), context=f"{cls._meta.db_table}.body")

    @classmethod
    def encrypt_body(cls, body: bytes) -> bytes:
        return encrypt(body, context=f"{cls._meta.db_table}.body")
