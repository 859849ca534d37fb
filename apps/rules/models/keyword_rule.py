from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from apps.accounts.models import Business
from apps.core.models import PublicIdModel, TimestampedModel


class KeywordRule(PublicIdModel, TimestampedModel):
    """Words that matter, for one person or for the whole business (`user` None)."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="keyword_rules")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="keyword_rules",
        help_text="Empty means everybody in the business.",
    )
    pattern = models.CharField(max_length=500)
    is_regex = models.BooleanField("regular expression", default=False, help_text="RE2 syntax.")
    priority = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    category = models.CharField(max_length=20, default="other")
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "user", "pattern", "is_regex"],
                name="keyword_rule_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.pattern
