"""Following log files: what matters is repeated on the console, everything stays in the file."""

import contextlib
import os
import re
import shutil
from pathlib import Path

LARGEST_LOG_BYTES = 20_000_000
LONGEST_LINE = 300
MOST_LINES_AT_ONCE = 10
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

    def poll(self) -> list[str]:
        """The new lines worth repeating, shortened: ten, and then how many more there are."""
        lines = [line for line in self._new_lines() if self.pattern.search(line)]
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


def previous(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")


def rotate(path: Path) -> None:
    """Keep the log of the run before this one."""
    with contextlib.suppress(FileNotFoundError):
        path.replace(previous(path))
