"""Our own Valkey (or Redis) on a Unix socket: it carries hints and rate limits, never a fact."""

import socket
import time
from pathlib import Path

SOCKET_NAME = "redis.sock"
ANSWER_TIMEOUT_SECONDS = 0.5
DATABASES = 64  # parallel test runs each take one


def server_argv(program: Path, folder: Path, sockets: Path, *, durable: bool) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(sockets / SOCKET_NAME),
        "unixsocketperm": "700",
        "dir": str(folder),
        "databases": str(DATABASES),
        "maxmemory-policy": "noeviction",
        "save": "",
        "appendonly": "yes" if durable else "no",
        "daemonize": "no",
    }
    return [
        str(program),
        *(part for name, value in options.items() for part in (f"--{name}", value)),
    ]


def is_ready(sockets: Path) -> bool:
    """Whether it answers PING; while it loads its data it says so, and that is not ready."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_TIMEOUT_SECONDS)
            connection.connect(str(sockets / SOCKET_NAME))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def set_aside(folder: Path) -> Path | None:
    """Move data that no longer loads out of the way; its new name, or None without any."""
    if not folder.exists() or not any(folder.iterdir()):
        return None
    target = folder.with_name(f"{folder.name}.unreadable-{time.strftime('%Y%m%dT%H%M%S')}")
    folder.rename(target)
    return target
