from django.db import models

from apps.accounts.models.user import User

# What somebody consents to: being told things at all. Any other purpose is a channel's name.
NOTIFICATIONS = "notifications"


class Consent(models.Model):
    """What somebody said about one purpose; nothing is changed or deleted, the latest row counts.

    Whoever never spoke has consented to `notifications`: people are members of a business that uses
    this. To a channel that asks for consent they have not.
    """

    class Source(models.TextChoices):
        PAGE = "page"
        API = "api"
        CONSOLE = "console"
        IMPORT = "import"

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="consents", db_index=False
    )
    purpose = models.CharField(max_length=24)
    granted = models.BooleanField()
    recorded_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source)
    actor = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "purpose", "-id"], name="consent_latest"),
            models.Index(
                fields=["user"], name="consent_withdrawn", condition=models.Q(granted=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {'granted' if self.granted else 'withdrawn'} by {self.user_id}"
