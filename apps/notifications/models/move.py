from django.db import models

from apps.notifications.models.notification import Notification


class Move(models.Model):
    """What waited is due at another moment than before, or never, through one channel.

    The inbox's says when it is told at all: `due_at` None is never, for it was set aside. What is
    told now is in the notification; these rows say what was known of it when, for a replay.
    `counted_on` is the day whose Tally it counts in since, by its person's zone of `moved_at`.
    """

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="moves")
    channel = models.CharField(max_length=24)
    moved_at = models.DateTimeField()
    was_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    counted_on = models.DateField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.channel}: {self.due_at or 'never'}"
