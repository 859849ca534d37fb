"""Starting a child so that it can always be stopped again.

Every child leads its own session (Ctrl-C reaches only the supervisor), writes to its own log file
(a closed terminal cannot hurt it) and, on Linux, is told by the kernel when its parent dies.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.bootstrap.identity import ServerUser
from config.bootstrap.proctable import ON_LINUX

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    argv: Sequence[str]
    cwd: Path
    env: Mapping[str, str]
    user: ServerUser = field(default_factory=ServerUser)
    stop_signal: int = signal.SIGTERM


def spawn(command: Command, log: Path) -> subprocess.Popen[bytes]:
    """Start it with its output appended to `log`.

    Call from the main thread: the kernel's parent-death signal follows the thread that forked.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            list(command.argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=command.cwd,
            env=dict(command.env),
            start_new_session=True,
            user=command.user.uid,
            group=command.user.gid,
            extra_groups=None if command.user.uid is None else [],
            preexec_fn=die_with_parent(command.stop_signal),  # noqa: PLW1509  # there is one thread
        )


def run_as(user: ServerUser, argv: Sequence[str], *, text: str = "", cwd: Path) -> str:
    """Run a short helper program to its end and return its output.

    Raises subprocess.CalledProcessError, with the output, when it fails.
    """
    return subprocess.run(
        list(argv),
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=True,
        cwd=cwd,
        env=server_environment(),
        user=user.uid,
        group=user.gid,
        extra_groups=None if user.uid is None else [],
    ).stdout


def server_environment() -> dict[str, str]:
    """Nothing of ours that a server could trip over (PGDATA, PGPORT, LANG …)."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def die_with_parent(number: int) -> Callable[[], None] | None:
    """For `preexec_fn`, which runs after the change of user: setuid would clear the setting."""
    if not ON_LINUX:
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange
