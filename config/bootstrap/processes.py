"""The three processes, written once: `up` starts these command lines, containers run the same.

`python manage.py run web|worker|beat` replaces itself with one of them.
"""

import argparse
import os
import sys
from collections.abc import Sequence

QUEUES = "inbox,llm,digest,deliver,insights,ticks,default"
GRACEFUL_SECONDS = 8  # a container is killed ten seconds after it was asked to stop
CELERY = ("-m", "celery", "-A", "config.celery")


def web(python: str, *, host: str, port: int, graceful: int = GRACEFUL_SECONDS) -> list[str]:
    address = ["--host", host, "--port", str(port)]
    limits = ["--timeout-graceful-shutdown", str(graceful), "--no-access-log", "--lifespan", "on"]
    # Whose word on the client's address counts is TRUSTED_PROXY_COUNT's to say, not uvicorn's.
    limits += ["--no-proxy-headers"]
    return [python, "-m", "uvicorn", "config.asgi:app", *address, *limits]


def worker(python: str, *, concurrency: int) -> list[str]:
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    size = ["--concurrency", str(concurrency)]
    return [python, *CELERY, "worker", "-Q", QUEUES, *size, *alone, "-l", "warning"]


def beat(python: str) -> list[str]:
    """Its schedule is in the database, so it leaves no file behind."""
    return [python, *CELERY, "beat", "-l", "warning", "--pidfile", ""]


def concurrency() -> int:
    return int(os.environ.get("WORKER_CONCURRENCY") or 2)


def parser() -> argparse.ArgumentParser:
    """Of `manage.py run`."""
    result = argparse.ArgumentParser(prog="manage.py run", description=__doc__)
    result.add_argument("process", choices=["web", "worker", "beat"])
    result.add_argument("--host", default="127.0.0.1")
    result.add_argument("--port", type=int, default=8000)
    return result


def main(arguments: Sequence[str]) -> None:
    """Never returns: the process becomes the one that was asked for."""
    options = parser().parse_args(arguments)
    command = {
        "web": lambda: web(sys.executable, host=options.host, port=options.port),
        "worker": lambda: worker(sys.executable, concurrency=concurrency()),
        "beat": lambda: beat(sys.executable),
    }[options.process]()
    os.execv(command[0], command)
