from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.core.claims import QueueRow
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel
from apps.notifications.engines.standing import while_away
from apps.notifications.models.notification import Notification
from apps.notifications.types import MootReason


class Digest(PublicIdModel):
    """What one person is told of many things in one message through one channel, as it was sent.

    Until then it is what was to be told at `slot`, in the message `part` of `parts`; what is no
    longer true when it is sent is left out of it.

    `counts` holds `items`, `left_out` and `moot`, the latter by reason; one of moot things alone
    stands in the inbox and is sent nowhere.
    """

    category: ClassVar[str] = "digest"

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests", db_index=False
    )
    channel = models.CharField(max_length=24)
    period_key = models.CharField(max_length=40)
    chunk = models.PositiveSmallIntegerField()
    correlation_id = models.UUIDField()
    title = EncryptedTextField()
    body = EncryptedTextField()
    priority = models.PositiveSmallIntegerField()
    counts = models.JSONField()
    left_out = models.PositiveIntegerField(default=0, db_default=0)
    slot = models.DateTimeField(null=True)
    part = models.PositiveSmallIntegerField(default=1, db_default=1)
    parts = models.PositiveSmallIntegerField(default=1, db_default=1)
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "period_key", "chunk"], name="digest_once"
            ),
        ]
        indexes = [models.Index(fields=["user", "-created_at"], name="digest_page")]

    @property
    def away_line(self) -> str:
        """What was not told in the end, in one line; "" when all was."""
        counts = self.counts["moot"].items()
        return while_away(MootReason(name) for name, count in counts for _ in range(count))

    def __str__(self) -> str:
        return f"{self.period_key} through {self.channel}, part {self.chunk + 1}"


class DigestItem(models.Model):
    """What became of a held-back notification on one channel: it is in one digest, once.

    Before the digest was sent it may have been `read` in the inbox, or `put_off` there by its
    reader: then the digest says nothing of it.
    """

    class Place(models.TextChoices):
        TOLD = "told"
        LEFT_OUT = "left_out"
        MOOT = "moot"
        READ = "read"
        PUT_OFF = "put_off"

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="digest_items", db_index=False
    )
    channel = models.CharField(max_length=24)
    place = models.CharField(max_length=8, choices=Place)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="digest_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.place} through {self.channel}"


class DigestRound(QueueRow):
    """Somebody has something to be gathered at `slot`: the digest queue.

    Written with what is held back, one for each batch of facts, so several may name one slot; the
    first that is worked on gathers everything that is due, the others find nothing.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        CLAIMED = "claimed"
        RETRY = "retry"
        DONE = "done"
        DEAD = "dead"

    OPEN = (State.PENDING, State.CLAIMED, State.RETRY)

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    correlation_id = models.UUIDField()
    slot = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="digest_round_due",
                condition=models.Q(state__in=["pending", "claimed", "retry"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot:%Y-%m-%d %H:%M} for {self.user_id}"
