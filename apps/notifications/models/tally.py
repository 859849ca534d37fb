from django.conf import settings
from django.db import models


class Tally(models.Model):
    """How often a person is interrupted on one local day. Caps live here, never in Redis.

    `channel` "" counts what is told at once, and what quiet hours or a snooze put off to that day;
    a name what takes that channel by itself that day. `last_at` is when somebody was last told
    something at once; None as long as that has not happened.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=24, default="", db_default="")
    local_date = models.DateField()
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["user", "channel", "local_date"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.count} on {self.local_date}"
