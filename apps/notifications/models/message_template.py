from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts.models import Business
from apps.classification.types import Category
from apps.core.models import PublicIdModel, TimestampedModel

DIGEST = "digest"


class MessageTemplate(PublicIdModel, TimestampedModel):
    """The words of a message, for one business or all, one channel or all, one category or all.

    Of those that fit the most specific is taken. Where that is two, A and B, each person gets one
    of them, by their weights.
    """

    class Variant(models.TextChoices):
        A = "a"
        B = "b"

    business = models.ForeignKey(
        Business,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="message_templates",
        help_text="Empty means every business.",
    )
    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=24, blank=True, help_text="Empty means every channel.")
    category = models.CharField(
        max_length=16,
        blank=True,
        choices=[*Category.choices, (DIGEST, "Digest")],
        help_text="Empty means every category, digests too.",
    )
    title_source = models.CharField("title", max_length=500, default="{{ title }}")
    body_source = models.TextField("body", max_length=4_000, default="{{ body }}")
    variant = models.CharField(max_length=1, choices=Variant, default=Variant.A)
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    active = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "channel", "category", "variant"],
                name="message_template_once",
                condition=models.Q(active=True),
                nulls_distinct=False,
                violation_error_message="Another active template is for the same: switch it off "
                "first, or make this one its other variant.",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=1, weight__lte=100), name="message_template_weight"
            ),
        ]

    def __str__(self) -> str:
        return self.name
