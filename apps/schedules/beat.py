"""The fixed ticks. Intervals only: crontabs with zones skip and repeat hours (docs/adr/0002)."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    name: str
    task: str
    every_seconds: int
    queue: str = "ticks"


TICKS: tuple[Tick, ...] = (
    Tick(
        name="vigil: sweep the queues",
        task="pipeline.sweep",
        every_seconds=settings.DRAIN_SWEEP_SECONDS,
    ),
    Tick(
        name="vigil: propose from dismissals",
        task="notifications.propose",
        every_seconds=settings.PROPOSALS_INTERVAL_SECONDS,
    ),
)
