"""What the operating system says about a process, with the standard library only.

A pid alone proves nothing, because numbers are used again: every check pairs it with the start
token, which differs for every process this machine has ever run.
"""

import subprocess
import sys
from functools import cache
from pathlib import Path

PROC = Path("/proc")
ON_LINUX = sys.platform.startswith("linux")


def start_token(pid: int) -> str | None:
    """An opaque text naming this very process, or None when it has ended (a zombie has ended)."""
    if not ON_LINUX:
        return _ps_start(pid)
    try:
        status = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    fields = status.rpartition(")")[2].split()
    state, started_ticks = fields[0], fields[19]
    return None if state in {"Z", "X"} else f"{_boot_id()}:{started_ticks}"


def command_line(pid: int) -> str:
    """The arguments joined by spaces; empty when unknown."""
    if not ON_LINUX:
        return _ps(pid, "args=")
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return ""


def working_in(folder: Path) -> list[int]:
    """The processes that work in `folder`, as all of PostgreSQL's do in their data folder.

    Linux only; elsewhere the answer is an empty list.
    """
    if not ON_LINUX:
        return []
    wanted = str(folder.resolve())
    return [int(entry.name) for entry in PROC.glob("[0-9]*") if _working_directory(entry) == wanted]


def _working_directory(entry: Path) -> str:
    try:
        return str((entry / "cwd").readlink())
    except OSError:
        return ""


@cache
def _boot_id() -> str:
    return (PROC / "sys/kernel/random/boot_id").read_text().strip()


def _ps_start(pid: int) -> str | None:
    state = _ps(pid, "stat=")
    if not state or state.startswith("Z"):
        return None
    return _ps(pid, "lstart=") or None


def _ps(pid: int, column: str) -> str:
    answer = subprocess.run(
        ["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()
