from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from apps.accounts.models import Business

_MICROS = "Millionths of a dollar. Empty: as the settings say; 0: nothing may be spent."


class SpendPeriod(models.TextChoices):
    DAY = "day"
    MONTH = "month"


class SpendCounter(models.Model):
    """What one person's messages of a channel may have cost in a day or month (UTC) by now.

    Without a person: everybody's of that business. Caps live here, never in Redis.
    """

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    channel = models.CharField(max_length=24)
    period = models.CharField(max_length=5, choices=SpendPeriod)
    start = models.DateField(help_text="The first day.")
    spent_micros = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        verbose_name_plural = "message spending"
        ordering = ["-start", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "user", "channel", "period", "start"],
                name="spend_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spent_micros / 1_000_000:.2f} $ by {self.channel} from {self.start} on"


class SpendCap(models.Model):
    """What a tenant's messages of a channel may cost, where it differs from the settings."""

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="spend_caps", db_index=False
    )
    channel = models.CharField(max_length=24)
    user_daily_micros = models.BigIntegerField(null=True, blank=True, help_text=_MICROS)
    user_monthly_micros = models.BigIntegerField(null=True, blank=True, help_text=_MICROS)
    tenant_daily_micros = models.BigIntegerField(null=True, blank=True, help_text=_MICROS)
    tenant_monthly_micros = models.BigIntegerField(null=True, blank=True, help_text=_MICROS)
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        ordering = ["business", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["business", "channel"], name="spend_cap_once"),
            models.CheckConstraint(
                condition=models.Q(user_daily_micros__gte=0)
                & models.Q(user_monthly_micros__gte=0)
                & models.Q(tenant_daily_micros__gte=0)
                & models.Q(tenant_monthly_micros__gte=0),
                name="spend_cap_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.business}: {self.channel}"
