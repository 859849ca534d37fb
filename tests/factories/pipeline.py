from datetime import datetime
from typing import Any

from apps.pipeline.models import Heartbeat, Task
from tests.factories.values import NOON, number


def make_task(*, subject: str = "", status: str = Task.Status.DEAD_LETTER, **values: Any) -> Task:
    """`subject` is "queue:id" of the row that could not be finished."""
    subject = subject or f"inbox:{number()}"
    values.setdefault("type", subject.partition(":")[0])
    return Task.objects.create(subject=subject, status=status, **values)


def make_heartbeat(*, queue: str = "inbox", drained_at: datetime = NOON) -> Heartbeat:
    return Heartbeat.objects.create(queue=queue, drained_at=drained_at, worker="test:1")
