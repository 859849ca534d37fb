"""Following log files: what matters is repeated on the console, everything stays in the file."""

import contextlib
import json
import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

LARGEST_LOG_BYTES = 20_000_000
LONGEST_LINE = 300
MOST_LINES_AT_ONCE = 10
REPEAT_AFTER_SECONDS = 60.0
LOUD = re.compile(
    r"^Traceback|(?<!@%)\b(?:WARNING|ERROR|CRITICAL|FATAL|PANIC)\b"
    r'|"level": ?"(?:warning|error|critical)"'
)
LOUD_DATABASE = re.compile(r"\b(?:WARNING|FATAL|PANIC):")
LOUD_BROKER = re.compile(r"Fatal|Can't|MISCONF|Bad file format")


class Tail:
    def __init__(self, path: Path, pattern: re.Pattern[str]) -> None:
        self.path = path
        self.pattern = pattern
        self._position = 0
        self._rest = b""
        self._records = Records()

    def poll(self) -> list[str]:
        """The new lines worth repeating, shortened: ten, and then how many more there are."""
        loud = (line for line in self._new_lines() if self.pattern.search(line))
        lines = [said for said in map(self._records.shown, loud) if said]
        shown = [line[:LONGEST_LINE] for line in lines[:MOST_LINES_AT_ONCE]]
        hidden = len(lines) - len(shown)
        return [*shown, f"({hidden} more in {self.path})"] if hidden else shown

    def last_lines(self, count: int) -> str:
        try:
            text = self.path.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-count:])

    def _new_lines(self) -> list[str]:
        try:
            with self.path.open("rb") as file:
                file.seek(self._position)
                fresh = file.read()
        except OSError:
            return []
        self._position += len(fresh)
        *whole, self._rest = (self._rest + fresh).split(b"\n")
        self._limit_size()
        return [line.decode(errors="replace").rstrip() for line in whole]

    def _limit_size(self) -> None:
        """Writers append, so the file may be emptied under them."""
        if self._position > LARGEST_LOG_BYTES:
            shutil.copyfile(self.path, previous(self.path))
            os.truncate(self.path, 0)
            self._position = 0


class Records:
    """The product's own records, for people: one line each, and the same one once a minute.

    While a database is away every process says so every second; its file keeps all of it.
    """

    def __init__(self) -> None:
        self._said: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def shown(self, line: str) -> str:
        """What to say about `line`; "" for a repetition. Other lines come back as they are."""
        record = _record(line)
        if record is None:
            return line
        name, now = f"{record.get('level', 'error')}: {record['event']}", time.monotonic()
        if now - self._said.get(name, -REPEAT_AFTER_SECONDS) < REPEAT_AFTER_SECONDS:
            self._unsaid[name] = self._unsaid.get(name, 0) + 1
            return ""
        self._said[name] = now
        reason = str(record.get("exception") or record.get("error") or "").strip().split("\n")[-1]
        again = self._unsaid.pop(name, 0)
        return name + (f" ({reason})" if reason else "") + (f", {again} more since" * bool(again))


def _record(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    with contextlib.suppress(ValueError):
        record = json.loads(line)
        if isinstance(record, dict) and "event" in record:
            return record
    return None


def previous(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def rotate(path: Path) -> None:
    """Keep the log of the run before this one."""
    with contextlib.suppress(FileNotFoundError):
        path.replace(previous(path))
