from django.conf import settings
from django.db import models

from apps.core.models import TimestampedModel


class PromptVersion(TimestampedModel):
    """One version of our orders to a model. Versions are never edited.

    The active one is asked with; one in shadow is asked with as well, and nobody is told of it.
    """

    version = models.PositiveIntegerField(unique=True)
    system = models.TextField("orders")
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )
    active = models.BooleanField(default=False)
    shadow = models.BooleanField(default=False)

    class Meta:
        verbose_name = "prompt"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["active"], condition=models.Q(active=True), name="prompt_active_once"
            ),
            models.UniqueConstraint(
                fields=["shadow"], condition=models.Q(shadow=True), name="prompt_shadow_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(active=True, shadow=True), name="prompt_active_or_shadow"
            ),
        ]

    def __str__(self) -> str:
        return f"Prompt v{self.version}"


class ShadowVerdict(models.Model):
    """What a prompt in shadow would have said of an event, beside what was said."""

    correlation_id = models.UUIDField(db_index=True)
    prompt = models.ForeignKey(PromptVersion, on_delete=models.CASCADE, related_name="verdicts")
    live_priority = models.PositiveSmallIntegerField()
    priority = models.PositiveSmallIntegerField()
    live_category = models.CharField(max_length=16)
    category = models.CharField(max_length=16)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["prompt", "-id"], name="shadow_verdict_page")]

    def __str__(self) -> str:
        return f"{self.live_priority} → {self.priority}"
