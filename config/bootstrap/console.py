"""One line per phase: rewritten in place on a terminal, plain lines anywhere else.

Writing never fails: the terminal may be closed while children still have to be stopped.
"""

import contextlib
import os
import sys
import time
from types import TracebackType
from typing import Self

NAME_WIDTH = 12
PLAIN_INTERVAL_SECONDS = 10.0
ERASE_LINE = "\r\033[K"


def write(text: str) -> None:
    """Print without ever raising because nobody reads any more."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(text)
        sys.stdout.flush()


def say(text: str = "") -> None:
    write(f"{text}\n")


def is_terminal() -> bool:
    try:
        return sys.stdout.isatty()
    except ValueError:
        return False


def abandon() -> None:
    """After a closed terminal: let the interpreter's last flush succeed, for the exit code."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        devnull = os.open(os.devnull, os.O_WRONLY)
        with contextlib.suppress(OSError, ValueError):
            os.dup2(devnull, sys.stdout.fileno())


class Phase:
    """`with Phase("database") as phase: phase.update("starting"); phase.done("ready")`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.step = ""
        self.result = "done"
        self._started = time.monotonic()
        self._last_plain = self._started

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self._line(self.result, final=True)
        elif is_terminal():
            write("\n")

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    def update(self, step: str | None = None, count: str = "") -> None:
        """Show progress; cheap enough to call several times a second.

        Away from a terminal only a new step is worth a line at once; a count can wait.
        """
        changed = step is not None and step != self.step
        self.step = step if step is not None else self.step
        if is_terminal() or changed or self._plain_is_due():
            self._line(f"{self.step} {count}".rstrip() + " …", final=False)

    def done(self, result: str) -> None:
        self.result = result

    def _plain_is_due(self) -> bool:
        return time.monotonic() - self._last_plain >= PLAIN_INTERVAL_SECONDS

    def _line(self, text: str, *, final: bool) -> None:
        self._last_plain = time.monotonic()
        line = f"  {self.name:<{NAME_WIDTH}} {text}  {self.elapsed:.1f} s"
        if is_terminal():
            write(f"{ERASE_LINE}{line}" + ("\n" if final else ""))
        else:
            say(line)
