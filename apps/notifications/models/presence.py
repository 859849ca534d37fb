from django.conf import settings
from django.db import models


class Presence(models.Model):
    """When a person was last seen at their inbox: renewed every few seconds while they are."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presence"

    def __str__(self) -> str:
        return f"{self.seen_at:%Y-%m-%d %H:%M}"
