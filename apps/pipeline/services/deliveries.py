"""The delivery drain: due deliveries, claimed in batches, each through its channel."""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from apps.core.claims import claim
from apps.core.faultpoints import faultpoint
from apps.notifications.channels import CHANNELS
from apps.notifications.models import Delivery
from apps.notifications.services.delivering import deliver_local, deliver_remote
from apps.notifications.services.delivery_queue import (
    DELIVERIES,
    GaveUp,
    give_back,
    give_up_poison,
    mark_unknown,
)
from apps.notifications.services.preflight import Preflight
from apps.pipeline.services.dead_letters import Letter, bury
from apps.pipeline.types import Drained


def drain_deliveries(*, now: datetime, limit: int) -> Drained:
    """One round. Local channels go as one batch, the others one by one."""
    mark_unknown()
    faultpoint("D1")
    claimed = claim(DELIVERIES, limit=limit, lease_seconds=settings.LEASE_SECONDS)
    if not claimed.rows:
        return Drained()
    faultpoint("D2")
    deliveries = list(
        Delivery.objects.filter(pk__in=[row[0] for row in claimed.rows])
        .select_related("notification", "digest")
        .order_by("id")
    )
    poison = [d for d in deliveries if d.claim_count > settings.MAX_CLAIMS]
    if poison:
        give_up_poison(poison, token=claimed.token, now=now, bury=_bury)
    alive = [d for d in deliveries if d.claim_count <= settings.MAX_CLAIMS]
    local = [d for d in alive if CHANNELS.get(d.channel).local]
    if local:
        deliver_local(local, token=claimed.token, now=now)
    remote = [d for d in alive if not CHANNELS.get(d.channel).local]
    waiting = _send_in_time(remote, token=claimed.token, now=now)
    give_back(waiting, token=claimed.token)
    return Drained(claimed=len(claimed.rows))


def _send_in_time(deliveries: list[Delivery], *, token: UUID, now: datetime) -> list[Delivery]:
    """One after the other for DELIVERY_ROUND_SECONDS; those whose turn did not come.

    A slow provider must not keep rows past their lease: whoever waits in line is not to blame.
    """
    begun = time.monotonic()

    def clock() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun)

    present = Preflight(deliveries)
    for position, delivery in enumerate(deliveries):
        if time.monotonic() - begun >= settings.DELIVERY_ROUND_SECONDS:
            return deliveries[position:]
        deliver_remote(delivery, token=token, clock=clock, present=present, bury=_bury)
    return []


def _bury(lost: GaveUp) -> None:
    letter = Letter(
        queue="deliver",
        row_id=lost.delivery_id,
        business_id=lost.business_id,
        correlation_id=lost.correlation_id,
        code=lost.code,
        error=lost.error,
    )
    bury([letter])
