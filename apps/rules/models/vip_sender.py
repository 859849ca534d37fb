from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts.models import Business
from apps.core.fields import EncryptedTextField
from apps.core.models import PublicIdModel, TimestampedModel


class VipSender(PublicIdModel, TimestampedModel):
    """A sender who gets through. `user` None means: for everybody in the business.

    `address` is a whole address or "@domain"; it is found by `address_index`, a blind index.
    """

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="vips")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="vips",
        help_text="Empty means everybody in the business.",
    )
    address = EncryptedTextField()
    address_index = models.BinaryField(max_length=16, editable=False)
    label = models.CharField(max_length=100, blank=True, help_text="How to name them in a reason.")
    priority = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )

    class Meta:
        verbose_name = "VIP sender"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "user", "address_index"],
                name="vip_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["business", "address_index"], name="vip_lookup")]

    def __str__(self) -> str:
        return self.label or "VIP"
