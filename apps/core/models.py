"""Bases every table may stand on, and core's one table of its own (see the ADR on breakers)."""

from django.db import models
from django.db.models.functions import Now

from apps.core.engines.circuit import CircuitState
from apps.core.identifiers import uuid7


class TimestampedModel(models.Model):
    """The database's default fills both for rows that are written without the ORM."""

    created_at = models.DateTimeField(auto_now_add=True, db_default=Now())
    updated_at = models.DateTimeField(auto_now=True, db_default=Now())

    class Meta:
        abstract = True


class PublicIdModel(models.Model):
    """`public_id` is what outsiders see; the bigint key never leaves."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)

    class Meta:
        abstract = True


class CircuitBreaker(models.Model):
    """What all workers know of one service under one credential. Times are the database's.

    `window` holds [slot, requests, failures] of ten seconds each (apps.core.engines.circuit).
    """

    name = models.CharField(max_length=150, unique=True)
    state = models.CharField(
        max_length=10,
        choices=[(state.value, state.value) for state in CircuitState],
        default=CircuitState.CLOSED,
        editable=False,
    )
    window = models.JSONField(default=list, editable=False)
    opened_count = models.PositiveIntegerField(default=0, editable=False)
    open_until = models.DateTimeField(null=True, editable=False)
    probe_token = models.UUIDField(null=True, editable=False)
    probe_until = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"
