from django.db import models


class Heartbeat(models.Model):
    """When each queue was last drained, and by whom: a worker is alive when it works."""

    queue = models.CharField(max_length=20, unique=True)
    drained_at = models.DateTimeField()
    worker = models.CharField(max_length=80)

    def __str__(self) -> str:
        return f"{self.queue} at {self.drained_at:%H:%M:%S}"
