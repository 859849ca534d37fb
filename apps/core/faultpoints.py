"""Named places where a test may kill the process, to prove that nothing is lost there.

`FAULTPOINTS="P4:0.3,D6"` kills with SIGKILL at P4 three times in ten, and at D6 always. The
setting is read from the environment once; production refuses to start with it.
"""

import os
import random
import signal
from functools import cache

from django.conf import settings


@cache
def _armed() -> dict[str, float]:
    entries = (entry.partition(":") for entry in settings.FAULTPOINTS.split(",") if entry)
    return {label: float(chance or 1) for label, _, chance in entries}


def faultpoint(label: str) -> None:
    """Do nothing, or die as a power cut would."""
    armed = _armed()
    if armed and random.random() < armed.get(label, 0.0):  # noqa: S311  # not a secret
        os.kill(os.getpid(), signal.SIGKILL)
