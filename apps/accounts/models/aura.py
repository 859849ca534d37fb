from django.db import models

from apps.accounts.models.business import Business
from apps.accounts.models.user import User
from apps.core.models import PublicIdModel, TimestampedModel


class Aura(PublicIdModel, TimestampedModel):
    """A companion that watches on somebody's behalf; rules and conversations point at it."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="auras")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="auras")
    name = models.CharField(max_length=100)
    proactive_enabled = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="aura_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
