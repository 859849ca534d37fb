from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts.models import Business, Client
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel

_PRIORITY = [MinValueValidator(1), MaxValueValidator(10)]


class Silence(PublicIdModel, TimestampedModel):
    """What is not told until `expires_at`, to one person or to the whole business (`user` None).

    Every matcher that is set must match; empty ones match everything. A person's own silence
    without any matcher is a snooze: it holds until it ends what a silence would drop.
    Whoever ends one earlier sets `ended_at`: a preview must know that it held until then.
    `sender` is a whole address or "@domain"; it is found by `sender_index`, a blind index.
    """

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="silences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="silences",
        help_text="Empty means everybody in the business.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    comment = EncryptedTextField(blank=True, default="")
    category = models.CharField(max_length=20, blank=True)
    event_type = models.CharField(max_length=120, blank=True)
    sender = EncryptedTextField(blank=True, default="")
    sender_index = models.BinaryField(max_length=16, null=True, editable=False)
    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="silences"
    )
    min_priority = models.PositiveSmallIntegerField(null=True, blank=True, validators=_PRIORITY)
    max_priority = models.PositiveSmallIntegerField(null=True, blank=True, validators=_PRIORITY)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_priority__isnull=True)
                | models.Q(max_priority__isnull=True)
                | models.Q(min_priority__lte=models.F("max_priority")),
                name="silence_priorities_in_order",
            ),
        ]
        indexes = [models.Index(fields=["business", "expires_at"], name="silence_active")]

    def __str__(self) -> str:
        return f"Silence until {self.expires_at:%Y-%m-%d %H:%M} UTC"
