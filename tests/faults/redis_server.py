"""A Redis of one test's own, to be stopped in its tracks."""

import signal
import subprocess
import time
from pathlib import Path

import redis

from config.bootstrap.binaries import find_valkey


class ThrowAwayRedis:
    def __init__(self, folder: Path) -> None:
        socket = folder / "redis.sock"
        self.url = f"unix://{socket}?db=0"
        self._arguments = [str(find_valkey()), "--port", "0", "--unixsocket", str(socket)]
        self._arguments += ["--save", "", "--dir", str(folder)]
        self._process = self._start()

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def revive(self) -> None:
        """Thawed, or started again: empty, as after a crash without persistence."""
        self.thaw()
        if self._process.poll() is not None:
            self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "the throw-away Redis did not start"
            time.sleep(0.02)
        return process

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
