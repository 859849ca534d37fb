"""What the door knows without asking, a second old at most: sources, and if the inbox is full."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings

from apps.ingestion import selectors
from apps.ingestion.types import SourceConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    sources: Mapping[str, SourceConfig]
    backlog_full: bool
    taken_at: float


@dataclass(slots=True)
class Directory:
    """One per process. `current` never asks the database twice within SOURCE_CACHE_SECONDS."""

    _snapshot: Snapshot | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Snapshot:
        snapshot = self._snapshot
        if snapshot is None or self.age() >= settings.SOURCE_CACHE_SECONDS:
            with self._lock:
                if self._snapshot is snapshot:
                    self.refresh()
        assert self._snapshot is not None  # noqa: S101  # refresh has just set it
        return self._snapshot

    def latest(self) -> Snapshot | None:
        """Whatever is known, however old: for the event loop, which must not wait."""
        return self._snapshot

    def age(self) -> float:
        return time.monotonic() - self._snapshot.taken_at if self._snapshot else float("inf")

    def refresh(self) -> None:
        self._snapshot = Snapshot(
            sources=selectors.source_directory(),
            backlog_full=selectors.backlog_exceeds(settings.INBOX_HIGH_WATER_ROWS),
            taken_at=time.monotonic(),
        )

    def forget(self) -> None:
        self._snapshot = None


directory = Directory()
