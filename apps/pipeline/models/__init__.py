from apps.pipeline.models.heartbeat import Heartbeat
from apps.pipeline.models.task import Task

__all__ = ["Heartbeat", "Task"]
