"""Where everything of one instance lives.

.vigil/               ours (VIGIL_DATA_DIR)
  keys.json           development keys, 0600
  logs/NAME.log       one per process
  run/lock            held by the running `up`
  run/children.json   pids and start times, for cleaning up after a killed `up`
  run/embedded.env    the URLs of the running pair, for other terminals
  pgdata/ valkey/     the servers' data, owned by the user they run as
  sockets/            0700; elsewhere when this path is no good for a socket
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap.errors import SetupError
from config.bootstrap.identity import ServerUser, can_traverse

PROJECT = Path(__file__).resolve().parents[2]
SYSTEM_STATE = Path("/var/lib")
SOCKET_PATH_BYTES = 100  # sun_path holds 104 on macOS, 108 on Linux
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"
PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.-]+")  # what needs no quoting in a URL or a server option


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    data: Path
    home: Path
    sockets: Path

    @property
    def pgdata(self) -> Path:
        return self.home / "pgdata"

    @property
    def valkey(self) -> Path:
        return self.home / "valkey"

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def lock(self) -> Path:
        return self.run / "lock"

    @property
    def ledger(self) -> Path:
        return self.run / "children.json"

    @property
    def handoff(self) -> Path:
        return self.run / "embedded.env"

    @property
    def keys(self) -> Path:
        return self.data / "keys.json"


def data_directory() -> Path:
    """The folder of VIGIL_DATA_DIR, or `.vigil` beside manage.py."""
    return Path(os.environ.get("VIGIL_DATA_DIR") or PROJECT / ".vigil").absolute()


def layout_for(data: Path, user: ServerUser) -> Layout:
    """Names only; `create` makes the folders."""
    home = home_for(data, user)
    return Layout(data=data, home=home, sockets=socket_directory(home))


def home_for(data: Path, user: ServerUser) -> Path:
    """The data folder itself, unless the server user cannot get there (/root is 0700)."""
    elsewhere = SYSTEM_STATE / f"vigil-{digest(data)}"
    if elsewhere.joinpath("pgdata").exists() or not can_traverse(data, user):
        return elsewhere
    return data


def socket_directory(home: Path) -> Path:
    """`home/sockets`, or a short private folder in the temporary directory."""
    wanted = home / "sockets"
    length = len(os.fsencode(wanted / LONGEST_SOCKET_NAME))
    if length <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(str(wanted)):
        return wanted
    return Path(tempfile.gettempdir()) / f"vigil-{os.geteuid()}-{digest(home)}"


def create(layout: Layout, user: ServerUser) -> None:
    """Make the folders; `sockets` belongs to the server user alone."""
    try:
        layout.data.mkdir(parents=True, exist_ok=True, mode=0o755)
        layout.run.mkdir(exist_ok=True, mode=0o700)
        layout.logs.mkdir(exist_ok=True, mode=0o700)
        layout.home.mkdir(parents=True, exist_ok=True, mode=0o755)
        _create_private(layout.sockets, user)
    except PermissionError as error:
        raise SetupError(
            f"cannot write to {error.filename}. It belongs to another user: start as that user,"
            " or set VIGIL_DATA_DIR to a folder of your own."
        ) from error


def _create_private(path: Path, user: ServerUser) -> None:
    path.mkdir(exist_ok=True, mode=0o700)
    owner = path.lstat().st_uid
    if path.is_symlink() or owner not in {os.geteuid(), user.effective_uid}:
        raise SetupError(
            f"{path} was made by somebody else (user {owner}): remove it and try again."
        )
    path.chmod(0o700)
    user.own(path)


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
