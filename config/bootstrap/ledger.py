"""children.json: who was started, so that the next start can stop what a killed one left behind."""

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from config.bootstrap.proctable import start_token

DATABASE, BROKER = "database", "broker"
SERVERS = (BROKER, DATABASE)
PATIENCE_SECONDS = 5.0
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    name: str
    pid: int
    token: str
    stop_signal: int

    @property
    def alive(self) -> bool:
        """True only for the very process that was recorded, never for a later one with its pid."""
        return start_token(self.pid) == self.token


class Ledger:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries: dict[str, Entry] = {}

    def record(self, name: str, pid: int, stop_signal: int) -> None:
        token = start_token(pid)
        if token is not None:
            entry = Entry(name=name, pid=pid, token=token, stop_signal=stop_signal)
            self._entries[name] = entry
            self._write()

    def forget(self, name: str) -> None:
        if self._entries.pop(name, None):
            self._write()

    def survivors(self) -> list[Entry]:
        """The recorded processes of an earlier run that still live."""
        return [entry for entry in _read(self.path) if entry.alive]

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(entry) for entry in self._entries.values()]))
        fresh.replace(self.path)


def stop_survivors(ledger: Ledger) -> list[str]:
    """Stop the orphans, servers last and gently, and return their names."""
    survivors = ledger.survivors()
    for group in (
        [entry for entry in survivors if entry.name not in SERVERS],
        [entry for entry in survivors if entry.name in SERVERS],
    ):
        for entry in group:
            signal_group(entry.pid, entry.stop_signal)
        _wait(group)
        for entry in group:
            if entry.alive:
                signal_group(entry.pid, signal.SIGKILL)
        _wait(group)
    return [entry.name for entry in survivors]


def signal_group(pid: int, number: int) -> None:
    """Signal a child that leads its own session, and everything it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _wait(entries: list[Entry]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(entry.alive for entry in entries) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _read(path: Path) -> list[Entry]:
    try:
        return [Entry(**entry) for entry in json.loads(path.read_text())]
    except (OSError, ValueError, TypeError):
        return []
