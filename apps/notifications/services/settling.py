"""The outcomes of deliveries, written down many at a time and fenced.

A worker that was frozen past its lease and wakes up late changes nothing here.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from apps.core.faultpoints import faultpoint
from apps.core.redaction import redact
from apps.notifications.channels.base import Receipt
from apps.notifications.models import Delivery, DeliveryAttempt
from apps.notifications.services.callbacks import place_waiting
from apps.notifications.services.circuits import tell_circuits
from apps.notifications.services.delivery_queue import GaveUp, gave_up
from apps.notifications.services.fates import Settlement, settlement_of
from apps.notifications.services.keeping import keep_addresses
from apps.notifications.services.metering import return_unspent
from apps.notifications.services.releasing import mark_delivered
from apps.notifications.services.sending import Done
from apps.notifications.services.standing_in import stand_in

State, Outcome = Delivery.State, DeliveryAttempt.Outcome

_WRITE = f"""
    UPDATE {Delivery._meta.db_table} AS row
    SET state = new.state, due_at = coalesce(new.due_at, clock_timestamp()), token = NULL,
        claim_count = 0, reason = new.reason, failure_count = new.failures,
        finished_at = new.finished_at
    FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::timestamptz[], %s::text[], %s::int[],
        %s::timestamptz[]) AS new (id, token, state, due_at, reason, failures, finished_at)
    WHERE row.id = new.id AND row.token = new.token AND row.state IN ('claimed', 'attempting')
    RETURNING row.id
"""  # noqa: S608  # the table's own name


def settle(
    done: Sequence[Done], *, now: datetime, bury: Callable[[Sequence[GaveUp]], None]
) -> None:
    """Of deliveries that are claimed or being attempted. `bury` is called in the transaction."""
    settlements = [settlement_of(one, now=now) for one in done]
    with transaction.atomic():
        ours = _write(settlements, now=now)
        faultpoint("D7")
        current = [one for one in settlements if one.done.delivery.pk in ours]
        return_unspent([one.done for one in current])
        _write_attempts(current, now=now)
        told = [one.done.delivery for one in current if one.delivered]
        if told:
            mark_delivered(told, now=now)
        keep_addresses([one.done for one in current], now=now)
        failed = [one.done.delivery for one in current if one.failed]
        stand_in(failed, told=told, now=now)
        bury([_gave_up(one) for one in current if one.gave_up])
    tell_circuits(done)


def _write(settlements: Sequence[Settlement], *, now: datetime) -> set[int]:
    """The deliveries that were still ours; the others have another owner."""
    open_ = (State.RETRY, State.UNKNOWN)
    rows = [
        (
            one.done.delivery.pk,
            one.done.token,
            str(one.fate.state),
            one.fate.due_at,
            one.code[:60],
            one.fate.failures,
            None if one.fate.state in open_ else now,
        )
        for one in settlements
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [list(column) for column in zip(*rows, strict=True)])
        return {row[0] for row in cursor.fetchall()}


def _write_attempts(settlements: Sequence[Settlement], *, now: datetime) -> None:
    attempts = []
    for one in settlements:
        attempt, result = one.done.attempt, one.done.outcome
        if attempt is None:
            continue
        attempt.outcome, attempt.finished_at = one.outcome, now
        attempt.error_code, attempt.error = one.code[:40], redact(one.error)[:300]
        if isinstance(result, Receipt):
            attempt.provider_message_id = result.provider_message_id[:120]
            attempt.parts, attempt.cost_micros = result.parts, result.cost_micros
        attempts.append(attempt)
    DeliveryAttempt.objects.bulk_update(
        attempts,
        (
            *("outcome", "finished_at", "error_code", "error"),
            *("provider_message_id", "parts", "cost_micros"),
        ),
    )
    place_waiting(attempts, now=now)


def _gave_up(one: Settlement) -> GaveUp:
    return gave_up(one.done.delivery, one.code, redact(one.error))
