import signal
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from apps.core.redis import client, connect
from apps.core.resilience.limits import Limit
from apps.core.resilience.ratelimit import RateLimiter
from config.bootstrap.binaries import find_valkey

MakeLimit = Callable[..., Limit]


class ThrowAwayServer:
    """A Redis of this test's own, to be stopped in its tracks."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/redis.sock"
        arguments = ["--port", "0", "--unixsocket", f"{folder}/redis.sock", "--save", ""]
        self._process = subprocess.Popen(
            [str(find_valkey()), *arguments, "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


def wait_until_ready(connection: redis.Redis) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            connection.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the throw-away server did not start")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThrowAwayServer]:
    started = ThrowAwayServer(tmp_path)
    with closing(connect(started.url)) as connection:
        wait_until_ready(connection)
    yield started
    started.kill()


@pytest.fixture
def limiter() -> RateLimiter:
    return RateLimiter(client())


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[redis.Redis]:
    """A client for a socket behind which there is no server."""
    with closing(connect(f"unix://{tmp_path}/nobody.sock")) as connection:
        yield connection


@pytest.fixture
def limit() -> MakeLimit:
    """Limits under keys that no other test has."""
    namespace = uuid.uuid4().hex

    def make(key: str = "key", per_minute: int = 1, burst: int | None = None) -> Limit:
        return Limit(key=f"{namespace}:{key}", per_minute=per_minute, burst=burst)

    return make
