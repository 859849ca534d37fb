"""A pair of servers for one test run, in a temporary folder that is always cleaned up.

The folder of a run that was killed is swept by the next one: nobody holds its lock any more.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.bootstrap import servers
from config.bootstrap.layout import Layout, create
from config.bootstrap.ledger import Ledger, stop_survivors
from config.bootstrap.locks import is_locked, try_lock
from config.bootstrap.supervisor import Supervisor

PREFIX = "vigil-test-"
SWEEP_AFTER_SECONDS = 60.0  # a younger folder may belong to a run that is just taking its lock


@contextmanager
def throwaway_pair(
    given: Mapping[str, str] = os.environ, *, durable: bool = False
) -> Iterator[dict[str, str]]:
    """Yields the URLs of the servers it started: those for which `given` names none.

    `durable` servers wait for the disk as in production: a measurement needs them, a test does not.
    """
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)
    layout, user = servers.locate(folder)
    create(layout, user)
    lock = try_lock(layout.lock)
    supervisor = Supervisor(Ledger(layout.ledger), layout.logs)
    try:
        yield servers.start_pair(supervisor, layout, user, durable=durable, given=given)
    finally:
        supervisor.stop()
        remove(layout)
        if lock is not None:
            os.close(lock)


def sweep() -> None:
    """Stop and delete what killed test runs of this user left in the temporary folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            layout, _ = servers.locate(folder)
            stop_survivors(Ledger(layout.ledger))
            remove(layout)


def remove(layout: Layout) -> None:
    for folder in (layout.data, layout.home, layout.sockets):
        shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    mine = folder.is_dir() and not folder.is_symlink() and status.st_uid == os.geteuid()
    old = time.time() - status.st_mtime > SWEEP_AFTER_SECONDS
    return mine and old and not is_locked(folder / "run" / "lock")
