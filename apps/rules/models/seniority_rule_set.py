from django.conf import settings
from django.db import models

from apps.accounts.models import Business
from apps.core.models import TimestampedModel


class SeniorityRuleSet(TimestampedModel):
    """One version of the title rules. Versions are never edited.

    The active one judges; one in shadow judges as well, and nobody is told of it.
    """

    business = models.ForeignKey(
        Business,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="seniority_rule_sets",
        help_text="Empty means the default for every business.",
    )
    version = models.PositiveIntegerField()
    document = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    active = models.BooleanField(default=False)
    shadow = models.BooleanField(default=False)

    class Meta:
        verbose_name = "title rule set"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "version"], name="rule_set_version", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["business"],
                condition=models.Q(active=True),
                name="rule_set_active_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["business"],
                condition=models.Q(shadow=True),
                name="rule_set_shadow_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=~models.Q(active=True, shadow=True), name="rule_set_active_or_shadow"
            ),
        ]

    def __str__(self) -> str:
        return f"Title rules v{self.version}"
