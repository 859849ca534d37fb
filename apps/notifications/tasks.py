"""Beat's ticks of this app. A task names nobody: whom it is about it finds in the tables."""

from typing import Any

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from apps.notifications.services.learning import propose_all


@shared_task(name="notifications.propose")
def propose(**_: Any) -> None:
    """What was dismissed through another door, or speaks for nothing any more, is seen here."""
    close_old_connections()
    propose_all(now=timezone.now())
