"""The Celery application: it carries hints to drains, nothing else."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from config.env import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("vigil")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _settle_in(**_: Any) -> None:
    """Work gives way to the door, and the collector passes over what was imported for good."""
    os.nice(env.int("WORKER_NICENESS", default=2))
    gc.collect()
    gc.freeze()
    # A round makes a hundred thousand short-lived values: looking for cycles every 700 is waste.
    gc.set_threshold(50_000, 20, 100)
