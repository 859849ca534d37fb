"""The insight drain: a model explains events that matter, after they were told.

    claim ─commit─► ask (no transaction) ─► write, fenced

A kill before the last commit asks again when the lease has run out.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from apps.classification.services import insights
from apps.core.faultpoints import faultpoint
from apps.pipeline.types import Drained


def drain_insights(*, now: datetime, limit: int) -> Drained:
    """One round of at most LLM_BATCH_ROWS events, by one worker at a time."""
    claimed = insights.take(limit=min(limit, settings.LLM_BATCH_ROWS))
    if claimed is None or not claimed.rows:
        return Drained()
    faultpoint("I2")
    calls = insights.ask([row[0] for row in claimed.rows], now=now)
    faultpoint("I3")
    with transaction.atomic():
        insights.settle(calls, token=claimed.token, now=now)
        faultpoint("I5")
    return Drained(claimed=len(claimed.rows))
