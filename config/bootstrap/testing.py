"""`manage.py test` and `manage.py bench`: throw-away servers, then pytest or the bench."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from config.bootstrap.layout import PROJECT
from config.bootstrap.spawning import die_with_parent
from config.bootstrap.throwaway import throwaway_pair


def main(arguments: Sequence[str]) -> int:
    """Returns pytest's exit code (5, nothing collected, is a failure as in pytest itself)."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    with throwaway_pair() as urls:
        return run_pytest(arguments, {**os.environ, **urls})


def bench(arguments: Sequence[str]) -> int:
    """`manage.py bench …` on servers of its own that wait for the disk, where none are given."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    with throwaway_pair(durable=True) as urls:
        command = [sys.executable, "manage.py", "bench", *arguments]
        return _run(command, {**os.environ, **urls})


def run_pytest(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Ctrl-C is pytest's to answer, so that its summary still appears."""
    return _run([sys.executable, "-m", "pytest", *arguments], environment)


def _run(command: Sequence[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**environment, "VIGIL_MANAGED_ENV": "off"},
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  # there is one thread
    )
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, previous)
        if process.poll() is None:
            process.terminate()
            process.wait()


def _leave(number: int, frame: FrameType | None) -> None:
    """Through every `finally`, so the servers stop and their folder goes."""
    sys.exit(128 + number)
