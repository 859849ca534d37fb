"""Our own PostgreSQL: a cluster in the data folder, served on a Unix socket in the foreground."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from config.bootstrap.binaries import Postgres
from config.bootstrap.errors import SetupError
from config.bootstrap.identity import ServerUser
from config.bootstrap.ledger import signal_group
from config.bootstrap.proctable import command_line, start_token, working_in
from config.bootstrap.spawning import run_as
from config.bootstrap.urls import DATABASE_NAME

STATUS_LINE = 7  # of postmaster.pid, counted from 0: "starting", "ready", "stopping"
ORPHAN_PATIENCE_SECONDS = 10.0
DURABLE = {"shared_buffers": "256MB"}
THROWAWAY = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def data_major(pgdata: Path) -> int | None:
    """The major version that made the data, or None when there is none yet.

    Raises SetupError for a folder that is not a cluster: it is somebody's, so it stays untouched.
    """
    try:
        return int((pgdata / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        if pgdata.exists() and any(pgdata.iterdir()):
            raise SetupError(
                f"{pgdata} holds files that are not a PostgreSQL cluster. Nothing was touched:"
                " move them away, or set VIGIL_DATA_DIR to another folder."
            ) from None
        return None


def initialize(postgres: Postgres, pgdata: Path, user: ServerUser) -> None:
    """Make cluster and database beside `pgdata`, then rename: half a cluster never exists."""
    fresh = pgdata.with_name("pgdata.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    user.own(fresh)
    tool, server = postgres.bin / "initdb", postgres.bin / "postgres"
    settings = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-instructions"]
    try:
        run_as(user, [str(tool), "-D", str(fresh), *settings], cwd=pgdata.parent)
        run_as(
            user,
            [str(server), "--single", "-D", str(fresh), "postgres"],
            text=f"CREATE DATABASE {DATABASE_NAME}\n",
            cwd=pgdata.parent,
        )
    except subprocess.CalledProcessError as error:
        raise SetupError(f"PostgreSQL's initdb failed:\n{error.output}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise SetupError(user.impossible(error)) from error
    if pgdata.exists():
        pgdata.rmdir()
    fresh.rename(pgdata)


def server_argv(postgres: Postgres, pgdata: Path, sockets: Path, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "200",
        "log_timezone": "UTC",
        "timezone": "UTC",
        **(DURABLE if durable else THROWAWAY),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(postgres.bin / "postgres"), "-D", str(pgdata), *options]


def is_ready(pgdata: Path, pid: int) -> bool:
    """Whether this very server accepts connections, as it says itself in postmaster.pid."""
    lines = _pid_file(pgdata)
    return len(lines) > STATUS_LINE and lines[0] == str(pid) and lines[STATUS_LINE] == "ready"


def clear_stale_files(pgdata: Path) -> None:
    """Make `pgdata` startable after a crash. Call only while holding the lock of the data folder.

    PostgreSQL itself copes with the pid of a dead process, and then checks that no backend is
    left; so that file stays. A pid used again by a stranger, a zombie's, or an unreadable file it
    takes for a running server: those are removed, once no process works in the folder any more.
    """
    pgdata.chmod(0o700)
    lines = _pid_file(pgdata)
    pid = int(lines[0]) if lines and lines[0].isdigit() else None
    if pid is None or not _exists(pid):
        if pid is None:
            (pgdata / "postmaster.pid").unlink(missing_ok=True)
        return
    if _is_server_of(pid, pgdata):
        signal_group(pid, signal.SIGINT)
    _wait_for_end(pid, pgdata)
    (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _wait_for_end(pid: int, pgdata: Path) -> None:
    deadline = time.monotonic() + ORPHAN_PATIENCE_SECONDS
    while _is_server_of(pid, pgdata) or working_in(pgdata):
        if time.monotonic() > deadline:
            raise SetupError(
                f"a PostgreSQL that was not started here still uses {pgdata} (process {pid})."
                " Stop it and try again."
            )
        time.sleep(0.1)


def _is_server_of(pid: int, pgdata: Path) -> bool:
    if start_token(pid) is None:
        return False
    arguments = command_line(pid)
    return "postgres" in arguments and str(pgdata) in arguments


def _exists(pid: int) -> bool:
    """As PostgreSQL asks it, so a zombie counts."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _pid_file(pgdata: Path) -> list[str]:
    try:
        return [line.strip() for line in (pgdata / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []
