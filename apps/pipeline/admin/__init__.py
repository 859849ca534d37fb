"""Where everything comes together: an event's whole story, the workers, and what failed."""

from apps.pipeline.admin.events import EventAdmin
from apps.pipeline.admin.tasks import HeartbeatAdmin, TaskAdmin

__all__ = ["EventAdmin", "HeartbeatAdmin", "TaskAdmin"]
