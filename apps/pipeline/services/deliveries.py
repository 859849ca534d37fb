"""The delivery drain: due deliveries, claimed a few at a time, each through its channel."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings

from apps.core.claims import claim
from apps.core.faultpoints import faultpoint
from apps.notifications.channels import CHANNELS
from apps.notifications.models import Delivery
from apps.notifications.services.delivering import Claimed, Work, deliver_local, deliver_remote
from apps.notifications.services.delivery_queue import (
    DELIVERIES,
    GaveUp,
    give_up_poison,
    mark_unknown,
)
from apps.pipeline.services.dead_letters import Letter, bury
from apps.pipeline.types import Drained


def drain_deliveries(*, now: datetime, limit: int) -> Drained:
    """One round of DELIVERY_ROUND_SECONDS at most, and of the sends that were begun by then.

    Local channels go as one batch; of the others no more are claimed than can be sent at once.
    """
    mark_unknown()
    round_ = _Round(now=now, limit=limit)
    deliver_remote(Work(more=round_.more, bury=_bury, clock=round_.clock))
    return Drained(claimed=round_.claimed)


class _Round:
    """`claimed` counts the rows of all its claims."""

    def __init__(self, *, now: datetime, limit: int) -> None:
        self.claimed = 0
        self._now, self._limit = now, limit
        self._begun = time.monotonic()

    def clock(self) -> datetime:
        return self._now + timedelta(seconds=self._elapsed)

    @property
    def _elapsed(self) -> float:
        return time.monotonic() - self._begun

    def more(self, count: int) -> Claimed:
        """Up to `count` deliveries of remote channels; local ones are done on the way."""
        while self._elapsed < settings.DELIVERY_ROUND_SECONDS:
            faultpoint("D1")
            claimed = claim(
                DELIVERIES, limit=min(count, self._limit), lease_seconds=settings.LEASE_SECONDS
            )
            if not claimed.rows:
                break
            faultpoint("D2")
            self.claimed += len(claimed.rows)
            remote = self._sorted([row[0] for row in claimed.rows], claimed.token)
            if remote:
                return Claimed(token=claimed.token, deliveries=remote)
        return Claimed(token=uuid4(), deliveries=[])

    def _sorted(self, ids: Sequence[int], token: UUID) -> list[Delivery]:
        rows = Delivery.objects.filter(pk__in=ids).order_by("id")
        deliveries = list(rows.select_related("notification", "digest", "address"))
        poison = [d for d in deliveries if d.claim_count > settings.MAX_CLAIMS]
        if poison:
            give_up_poison(poison, token=token, now=self.clock(), bury=_bury)
        alive = [d for d in deliveries if d.claim_count <= settings.MAX_CLAIMS]
        local = [d for d in alive if CHANNELS.get(d.channel).local]
        if local:
            deliver_local(local, token=token, now=self.clock())
        return [d for d in alive if not CHANNELS.get(d.channel).local]


def _bury(lost: Sequence[GaveUp]) -> None:
    bury(
        [
            Letter(
                queue="deliver",
                row_id=one.delivery_id,
                business_id=one.business_id,
                correlation_id=one.correlation_id,
                code=one.code,
                error=one.error,
            )
            for one in lost
        ]
    )
