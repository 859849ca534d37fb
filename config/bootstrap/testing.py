"""`python3 manage.py test [pytest arguments]`: throw-away servers, then pytest."""

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


def run_pytest(arguments: Sequence[str], environment: dict[str, str]) -> int:
    """Ctrl-C is pytest's to answer, so that its summary still appears."""
    environment = {**environment, "VIGIL_MANAGED_ENV": "off"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=PROJECT,
        env=environment,
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
