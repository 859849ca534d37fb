from django.conf import settings
from django.db import models

from apps.core.crypto import BLIND_INDEX_BYTES, blind_index
from apps.core.fields import EncryptedJSONField, EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel
from apps.notifications.types import OffReason


class Address(PublicIdModel, TimestampedModel):
    """Where one person is reached through one channel: a phone, a mailbox, a browser, a hook.

    `value` is what the provider is given (a number, a mail address, a URL), `details` what the
    channel needs besides (a browser's keys, a hook's secret). Both are never shown again in full:
    `hint` is what people recognize it by. Switched off it stays, with its reason, and can be
    switched on again.
    """

    class State(models.TextChoices):
        UNVERIFIED = "unverified"
        ACTIVE = "active"
        OFF = "off"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="addresses", db_index=False
    )
    channel = models.CharField(max_length=24)
    value = EncryptedTextField()
    value_index = models.BinaryField(max_length=BLIND_INDEX_BYTES, editable=False)
    details = EncryptedJSONField(null=True, editable=False)
    label = models.CharField(max_length=80, blank=True, help_text="What its person calls it.")
    hint = models.CharField(max_length=80, editable=False, help_text="Enough to recognize it by.")
    state = models.CharField(max_length=10, choices=State, default=State.UNVERIFIED)
    off_reason = models.CharField(
        max_length=16, choices=OffReason, blank=True, default="", db_default=""
    )
    off_at = models.DateTimeField(null=True, editable=False)
    verified_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    warned_at = models.DateTimeField(
        null=True, editable=False, help_text="When its owner was last told that it fails."
    )

    class Meta:
        verbose_name_plural = "addresses"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "value_index"], name="address_once_a_person"
            ),
        ]
        indexes = [
            # Callbacks and inbound messages know the address alone.
            models.Index(fields=["channel", "value_index"], name="address_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.hint}"


def address_index(channel: str, value: str) -> bytes:
    """What `value_index` holds. Equal for equal addresses of one channel, in any letter case."""
    return blind_index(value, context=f"notifications_address.value:{channel}")
