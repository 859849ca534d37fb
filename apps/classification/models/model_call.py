from django.db import models

from apps.accounts.models import Business
from apps.core.fields import EncryptedJSONField


class ModelCall(models.Model):
    """One question to a model: what became of it, what it took and what it cost.

    `outcome` is "answered" or the code of the failure; money is in millionths of a dollar.
    """

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    correlation_id = models.UUIDField(db_index=True)
    provider = models.CharField(max_length=24)
    model = models.CharField(max_length=120, blank=True)
    prompt_version = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=40)
    latency_ms = models.PositiveIntegerField()
    prompt_tokens = models.PositiveIntegerField(default=0)
    completion_tokens = models.PositiveIntegerField(default=0)
    cost_micros = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["business", "-id"], name="model_call_page")]

    def __str__(self) -> str:
        return f"{self.provider}: {self.outcome}"


class ModelAnswer(models.Model):
    """An answer worth keeping for a while. `key` holds tenant, model, versions and content."""

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    key = models.BinaryField(max_length=32, unique=True)
    # Everything of the key but the content: near-duplicates are looked for within one of these.
    family = models.BinaryField(max_length=32)
    fingerprint = models.BigIntegerField()
    opinion = EncryptedJSONField()
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["family", "-created_at"], name="model_answer_recent")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ModelSpend(models.Model):
    """What a tenant's questions came to in one month (its first day, UTC), and what they cost.

    Of the `questions` of events, `kept` were answered by what a model had said before, and for
    `fallbacks` no model could be heard; the rest were answered by `calls`, as were insights.
    """

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    tokens = models.PositiveBigIntegerField(default=0)
    cost_micros = models.PositiveBigIntegerField(default=0)
    questions = models.PositiveIntegerField(default=0, db_default=0)
    kept = models.PositiveIntegerField(default=0, db_default=0)
    fallbacks = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "model spending"
        constraints = [
            models.UniqueConstraint(fields=["business", "month"], name="model_spend_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_micros / 1_000_000:.2f} $ in {self.month:%Y-%m}"
