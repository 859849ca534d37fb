"""One circuit breaker per service and credential, shared by all workers through its row.

    breaker = breaker_for("sendgrid:main")
    breaker.before()            # raises CircuitOpen
    …                           # the request
    breaker.succeeded()         # or breaker.failed("timeout"), or several at once with `ended`

Losing Redis changes nothing here, and no process's clock is compared with another's.
"""

import random
import time
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from threading import Lock

from django.db import connection, transaction

from apps.core.engines.circuit import (
    BreakerState,
    Bucket,
    CircuitState,
    Outcome,
    Permission,
    allow,
    record,
)
from apps.core.errors import Unavailable
from apps.core.models import CircuitBreaker
from apps.core.signals import breaker_state_changed

_CACHE_SECONDS = 1.0
# Successes are counted here and written at most so often; older ones are no news any more.
_FLUSH_SECONDS = 1.0
_FORGET_SECONDS = 10.0


class CircuitOpen(Unavailable):
    """Nothing was sent; it costs no attempt. `retry_after` is in seconds."""

    default_code = "circuit_open"
    title = "This service is not asked now, because it keeps failing"


class Breaker:
    """Thread-safe. The one that called `before` reports the outcome, to the same object.

    A permission may be up to a second old; a circuit that has not closed is read every time.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = Lock()
        self._closed_until = 0.0
        self._probe_token: uuid.UUID | None = None
        self._successes = 0
        self._successes_since = 0.0

    def before(self) -> None:
        """Raise CircuitOpen unless a request may be made now; it may be the probe."""
        if time.monotonic() < self._closed_until:
            return
        permission = self._permission()
        if permission.is_probe:
            permission = self._claim_probe()
        if not permission.granted:
            raise CircuitOpen(retry_after=permission.retry_after)
        if not permission.is_probe:
            self._closed_until = time.monotonic() + _CACHE_SECONDS

    def succeeded(self) -> None:
        """The service answered. Written at once by a probe, otherwise about once a second."""
        self.ended([Outcome.SUCCESS])

    def failed(self, kind: str) -> None:
        """`kind` is a value of Outcome: timeout, connect, 5xx count; 4xx, 429 do not."""
        self.ended([kind])

    def ended(self, kinds: Iterable[str]) -> None:
        """Several requests, in the order in which they count: as if reported one by one, and the
        row is written once for all of them.
        """
        probes = self._probe_token is not None
        outcomes = [one for one in map(Outcome, kinds) if one.counts or probes]
        if any(one is not Outcome.SUCCESS for one in outcomes):
            self._write(outcomes)
        elif outcomes and self._to_be_written(len(outcomes)):
            self._write([])

    def _to_be_written(self, successes: int) -> bool:
        """Count what was answered, and say whether what waits is to be written now."""
        with self._lock:
            now = time.monotonic()
            if self._successes == 0 or now - self._successes_since > _FORGET_SECONDS:
                self._successes, self._successes_since = 0, now
            self._successes += successes
            due = now - self._successes_since >= _FLUSH_SECONDS
        return due or self._probe_token is not None

    def _take_successes(self) -> int:
        with self._lock:
            fresh = time.monotonic() - self._successes_since <= _FORGET_SECONDS
            taken, self._successes = self._successes, 0
        return taken if fresh else 0

    def _permission(self) -> Permission:
        row = CircuitBreaker.objects.filter(name=self.name).first()
        if row is None or row.state == CircuitState.CLOSED:
            return Permission(granted=True, state=BreakerState())
        return allow(_state_of(row), _database_now())

    def _claim_probe(self) -> Permission:
        # Durable: a probe that others cannot see yet would not be the only one.
        with transaction.atomic(durable=True):
            row = _locked(self.name)
            permission = allow(_state_of(row), now := _database_now())
            if permission.is_probe:
                row.probe_token = uuid.uuid4()
                _store(row, permission.state, now)
                self._probe_token = row.probe_token
        return permission

    def _write(self, outcomes: Sequence[Outcome]) -> None:
        """Record the successes that wait, which may be a probe's, and then `outcomes`."""
        if any(one.is_failure for one in outcomes):
            self._closed_until = 0.0
        token, self._probe_token = self._probe_token, None
        successes = self._take_successes()
        with transaction.atomic():
            row = _locked(self.name)
            is_probe = token is not None and token == row.probe_token
            now, jitter = _database_now(), random.uniform(-1, 1)  # noqa: S311  # not a secret
            before = _state_of(row)
            state = record(
                before,
                Outcome.SUCCESS,
                now,
                jitter=jitter,
                is_probe=is_probe and not outcomes,
                times=successes,
            )
            for outcome in outcomes:
                state = record(state, outcome, now, jitter=jitter, is_probe=is_probe)
            if state != before:
                _store(row, state, now)


@cache
def breaker_for(name: str) -> Breaker:
    """This process's breaker of that name: all its threads share one cache and one probe."""
    return Breaker(name)


def _locked(name: str) -> CircuitBreaker:
    """The row, made when nobody made it before, locked until the transaction ends."""
    rows = CircuitBreaker.objects.select_for_update()
    row = rows.filter(name=name).first()
    if row is None:
        CircuitBreaker.objects.bulk_create([CircuitBreaker(name=name)], ignore_conflicts=True)
        row = rows.get(name=name)
    return row


def _state_of(row: CircuitBreaker) -> BreakerState:
    return BreakerState(
        state=CircuitState(row.state),
        window=tuple(
            Bucket(slot=slot, requests=requests, failures=failures)
            for slot, requests, failures in row.window
        ),
        opened_count=row.opened_count,
        open_until=row.open_until,
        probe_until=row.probe_until,
    )


def _store(row: CircuitBreaker, state: BreakerState, now: datetime) -> None:
    previous = CircuitState(row.state)
    row.state = state.state
    row.window = [[bucket.slot, bucket.requests, bucket.failures] for bucket in state.window]
    row.opened_count = state.opened_count
    row.open_until = state.open_until
    row.probe_until = state.probe_until
    row.probe_token = row.probe_token if state.state == CircuitState.HALF_OPEN else None
    row.updated_at = now
    row.save()
    if state.state != previous:
        transaction.on_commit(lambda: _announce(row.name, previous, state.state), robust=True)


def _announce(name: str, previous: CircuitState, current: CircuitState) -> None:
    breaker_state_changed.send_robust(
        sender=CircuitBreaker, name=name, previous=previous, current=current
    )


def _database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
