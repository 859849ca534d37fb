"""Running pip with a line of progress: how many packages are found, then how many are in place."""

import os
import re
import selectors
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.bootstrap.console import Phase
from config.bootstrap.spawning import die_with_parent

OPTIONS = [
    "--no-deps",
    "--require-hashes",
    "--no-compile",
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar=off",
    "--no-warn-script-location",
]
FOUND = ("Collecting ", "Requirement already satisfied", "Ignoring ")
INSTALLING = "Installing collected packages: "
UPDATE_SECONDS = 0.5


def install(python: Path, requirements: Path, phase: Phase, *, extra: tuple[str, ...] = ()) -> str:
    """Install one lock file and return pip's output.

    Raises subprocess.CalledProcessError, with the output, when pip fails.
    """
    argv = [str(python), "-m", "pip", "install", *OPTIONS, *extra, "-r", str(requirements)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    progress = Progress(python, total=requirement_count(requirements))
    with subprocess.Popen(
        argv,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  # there is one thread
    ) as process:
        for lines in _lines_as_they_come(process):
            progress.read(lines)
            phase.update(progress.step, progress.count())
        code = process.wait()
    output = "\n".join(progress.lines)
    if code:
        raise subprocess.CalledProcessError(code, argv, output)
    return output


def requirement_count(requirements: Path) -> int:
    return len(re.findall(r"^[A-Za-z0-9].*==", requirements.read_text(), flags=re.MULTILINE))


class Progress:
    """What pip's lines amount to. While it installs it says nothing, so the folder is counted."""

    def __init__(self, python: Path, *, total: int) -> None:
        self.python = python
        self.total = total
        self.lines: list[str] = []
        self._found = 0
        self._to_install = 0
        self._before = 0

    def read(self, lines: list[str]) -> None:
        for line in lines:
            self.lines.append(line)
            self._found += line.startswith(FOUND)
            if line.startswith(INSTALLING):
                self._to_install = line.count(",") + 1
                self._before = self._in_place()

    @property
    def step(self) -> str:
        return "installing packages" if self._to_install else "finding packages"

    def count(self) -> str:
        """For people: "57 of 99"."""
        if not self._to_install:
            return f"{self._found} of {self.total}"
        done = min(self._in_place() - self._before, self._to_install)
        return f"{done} of {self._to_install}"

    def _in_place(self) -> int:
        return sum(1 for _ in self.python.parents[1].glob("lib/*/site-packages/*.dist-info"))


def _lines_as_they_come(process: subprocess.Popen[bytes]) -> Iterator[list[str]]:
    """The new whole lines, at least twice a second (then perhaps none), until the output ends."""
    if process.stdout is None:
        return
    descriptor = process.stdout.fileno()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(UPDATE_SECONDS):
                yield []
                continue
            chunk = os.read(descriptor, 65_536)
            *whole, rest = (rest + chunk).split(b"\n")
            yield [line.decode(errors="replace").rstrip() for line in whole]
            if not chunk:
                yield [rest.decode(errors="replace")]
                return
