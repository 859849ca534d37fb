from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models.business import Business
from apps.accounts.models.user import User
from apps.core.models import TimestampedModel


class ApiKey(TimestampedModel):
    """A program's way in. Only the SHA-256 of the secret half is stored."""

    business = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="api_keys")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
