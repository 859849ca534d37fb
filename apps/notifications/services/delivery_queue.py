"""The queue of deliveries: what a worker takes from it, and what leaves its hands unsent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from apps.core.claims import Queue, fence
from apps.notifications.channels import CHANNELS
from apps.notifications.models import Delivery, DeliveryAttempt

State = Delivery.State

DELIVERIES = Queue(
    model=Delivery,
    open_states=Delivery.OPEN,
    claimed_state=State.CLAIMED,
    columns=("id", "channel", "claim_count"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """A delivery that will not be tried again by itself."""

    delivery_id: int
    business_id: int
    correlation_id: UUID
    code: str
    error: str


def fenced(deliveries: Sequence[Delivery], token: UUID) -> set[int]:
    return fence(DELIVERIES, token, [delivery.pk for delivery in deliveries])


def mark_unknown() -> int:
    """Attempts whose worker died in mid-send: nobody knows. Returns how many.

    What is to follow waits for the grace of their channel, in which the bytes may still arrive.
    """
    table, attempts = Delivery._meta.db_table, DeliveryAttempt._meta.db_table
    graces = {name: CHANNELS.get(name).grace_seconds for name in CHANNELS}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH lost AS (
                UPDATE {table} AS row
                SET state = 'unknown', token = NULL,
                    due_at = clock_timestamp() + make_interval(secs => grace.seconds)
                FROM unnest(%s::text[], %s::float8[]) AS grace (channel, seconds)
                WHERE row.state = 'attempting' AND row.due_at <= clock_timestamp()
                    AND grace.channel = row.channel
                RETURNING row.id
            )
            UPDATE {attempts} AS attempt
            SET outcome = 'unknown', finished_at = clock_timestamp()
            FROM lost WHERE attempt.delivery_id = lost.id AND attempt.outcome = 'sending'
            """,  # noqa: S608  # the tables' own names
            [list(graces), [float(seconds) for seconds in graces.values()]],
        )
        return int(cursor.rowcount)


def forget_doubts(delivery_ids: Sequence[int]) -> None:
    """Whoever retries what nobody knows of wants it sent, twice if need be."""
    DeliveryAttempt.objects.filter(
        delivery_id__in=delivery_ids, outcome=DeliveryAttempt.Outcome.UNKNOWN
    ).update(outcome=DeliveryAttempt.Outcome.LOST)


def give_up_poison(
    deliveries: Sequence[Delivery],
    *,
    token: UUID,
    now: datetime,
    bury: Callable[[Sequence[GaveUp]], None],
) -> None:
    """Deliveries that took their worker down with them too often: dead without another try."""
    with transaction.atomic():
        ours = fenced(deliveries, token)
        bury(
            [
                gave_up(delivery, "poison", "claimed too often without an end")
                for delivery in deliveries
                if delivery.pk in ours
            ]
        )
        Delivery.objects.filter(pk__in=ours).update(
            state=State.DEAD, reason="poison", finished_at=now, token=None
        )


def gave_up(delivery: Delivery, code: str, error: str) -> GaveUp:
    return GaveUp(
        delivery_id=delivery.pk,
        business_id=delivery.subject.business_id,
        correlation_id=delivery.correlation_id,
        code=code,
        error=error,
    )
