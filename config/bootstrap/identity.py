"""PostgreSQL refuses to run as root, so under root the servers run as somebody harmless."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from config.bootstrap.errors import SetupError

NOBODY_ID = 65534


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerUser:
    """Who the servers run as; `uid` is None when that is simply whoever started us."""

    uid: int | None = None
    gid: int | None = None

    @property
    def effective_uid(self) -> int:
        return os.geteuid() if self.uid is None else self.uid

    def own(self, path: Path) -> None:
        """Hand over one file or folder; nothing to do for an ordinary user.

        Raises SetupError where even root may not, as in a namespace that knows only one user.
        """
        if self.uid is None or self.gid is None:
            return
        try:
            os.chown(path, self.uid, self.gid)
        except OSError as error:
            raise SetupError(self.impossible(error)) from error

    def impossible(self, error: Exception) -> str:
        """What to say when the servers cannot run as this user."""
        return (
            f"the servers cannot run as the unprivileged user {self.uid}: {error}. Start as an"
            " ordinary user, or set DATABASE_URL and REDIS_URL."
        )


def server_user(pgdata: Path) -> ServerUser:
    """An existing data folder keeps its owner; a new one gets `nobody`."""
    if os.geteuid() != 0:
        return ServerUser()
    if pgdata.exists() and pgdata.stat().st_uid != 0:
        owner = pgdata.stat()
        return ServerUser(uid=owner.st_uid, gid=owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return ServerUser(uid=NOBODY_ID, gid=NOBODY_ID)
    return ServerUser(uid=nobody.pw_uid, gid=nobody.pw_gid)


def can_traverse(path: Path, user: ServerUser) -> bool:
    """Whether the server user gets through every existing folder down to `path`."""
    if user.uid is None:
        return True
    folders = [folder for folder in (path, *path.parents) if folder.is_dir()]
    return all(_searchable(folder, user.uid) for folder in folders)


def can_execute(path: Path, user: ServerUser) -> bool:
    """Whether the server user can run the program at `path`."""
    if user.uid is None:
        return True
    real = path.resolve()
    readable = bool(real.stat().st_mode & stat.S_IROTH and real.stat().st_mode & stat.S_IXOTH)
    return readable and can_traverse(real.parent, user)


def _searchable(folder: Path, uid: int) -> bool:
    status = folder.stat()
    mine = status.st_uid == uid and bool(status.st_mode & stat.S_IXUSR)
    return mine or bool(status.st_mode & stat.S_IXOTH)
