"""The digest drain: what waits for a slot that has come, gathered for each person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.claims import claim
from apps.notifications.services.digesting import ROUNDS, Round, build_digests, give_up_rounds
from apps.pipeline.services.dead_letters import Letter, bury
from apps.pipeline.types import Drained


def drain_digests(*, now: datetime, limit: int) -> Drained:
    """One round: claim, gather, write; whatever has to be sent is the delivery queue's."""
    claimed = claim(ROUNDS, limit=limit, lease_seconds=settings.LEASE_SECONDS)
    if not claimed.rows:
        return Drained()
    rows = [Round(**dict(zip(ROUNDS.columns, values, strict=True))) for values in claimed.rows]
    poison = [row for row in rows if row.claim_count > settings.MAX_CLAIMS]
    if poison:
        _give_up(poison, claimed.token)
    alive = [row for row in rows if row.claim_count <= settings.MAX_CLAIMS]
    unsent = build_digests(alive, token=claimed.token, now=now) if alive else False
    return Drained(claimed=len(rows), hints=frozenset({"deliver"} if unsent else ()))


def _give_up(rows: Sequence[Round], token: UUID) -> None:
    with transaction.atomic():
        bury(
            Letter(
                queue="digest",
                row_id=row.id,
                business_id=row.business_id,
                correlation_id=row.correlation_id,
                code="poison",
                error="claimed too often without an end",
            )
            for row in give_up_rounds(rows, token=token)
        )
