"""`python -m tests.faults.nursery`: brings up real worker processes, and new ones when they die.

Starting Django takes seconds, so it is loaded once here and every worker is a fork of this process.
It reads one JSON order a line and answers each with one line:

    {"start": {"kind": "drain", "count": 2, …}}   → {"pids": […], "port": …}      see Litter
    {"stop": true}                                → {"kills": 3, "crashes": []}   all are gone
    {"status": true}                              → the same, while they live

A worker that ended by SIGKILL was killed and is born again, armed or not by its generation; one
that ended in another way has crashed, which no test allows.
"""

import json
import os
import random
import select
import signal
import socket
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.bootstrap.spawning import die_with_parent

POLL_SECONDS = 0.01


@dataclass(kw_only=True)
class Litter:
    """Workers of one kind. `armed` is a FAULTPOINTS value, for the first `generations` only.

    `settings` replaces settings; `freeze_at` names a fault point of the inbox or the delivery drain
    where the first worker stops itself once, as a machine without memory would.
    """

    kind: str
    log: str
    count: int = 1
    armed: str = ""
    generations: int = 1_000
    freeze_at: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    born: int = 0
    port: int = 0
    listener: socket.socket | None = None


class Nursery:
    def __init__(self) -> None:
        self.alive: dict[int, Litter] = {}
        self.kills = 0
        self.crashes: list[int] = []

    def start(self, litter: Litter) -> dict[str, Any]:
        if litter.kind == "web":
            litter.listener = socket.create_server(("127.0.0.1", litter.port), backlog=512)
            litter.port = litter.listener.getsockname()[1]
        pids = [self._bear(litter) for _ in range(litter.count)]
        return {"pids": pids, "port": litter.port}

    def _bear(self, litter: Litter) -> int:
        litter.born += 1
        arrange = die_with_parent(signal.SIGKILL)
        pid = os.fork()
        if not pid:
            if arrange is not None:
                arrange()
            _live(litter)
        self.alive[pid] = litter
        return pid

    def reap(self) -> None:
        while self.alive:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            litter = self.alive.pop(pid)
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
                self.kills += 1
            else:
                self.crashes.append(status)
            self._bear(litter)

    def stop(self) -> dict[str, Any]:
        self.reap()
        for pid in self.alive:
            os.kill(pid, signal.SIGKILL)
        for pid, litter in self.alive.items():
            os.waitpid(pid, 0)
            if litter.listener is not None:
                litter.listener.close()
        counts = self.status()
        self.alive, self.kills, self.crashes = {}, 0, []
        return counts

    def status(self) -> dict[str, Any]:
        return {"kills": self.kills, "crashes": self.crashes, "pids": list(self.alive)}

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        if "start" in order:
            return self.start(Litter(**order["start"]))
        return self.stop() if "stop" in order else self.status()


def main() -> None:
    _load()
    nursery = Nursery()
    _say({"ready": True})
    while True:
        readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        nursery.reap()
        if readable:
            line = sys.stdin.readline()
            if not line:
                nursery.stop()
                return
            _say(nursery.obey(json.loads(line)))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def _load() -> None:
    """Everything a worker needs, and no connection: those would be shared."""
    import django

    import config.celery  # noqa: F401  # hints need the configured application

    django.setup()
    import uvicorn  # noqa: F401

    import apps.pipeline.management.commands.drain  # noqa: F401


def _live(litter: Litter) -> None:
    """Be a worker; never returns."""
    try:
        _settle_in(litter)
        if litter.kind == "web":
            _serve(litter)
        else:
            from django.core.management import call_command

            call_command("drain", loop=True, pause=0.05, skip_checks=True)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(70)


def _settle_in(litter: Litter) -> None:
    from django.conf import settings

    descriptor = os.open(litter.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (descriptor, 1), (descriptor, 2)):
        os.dup2(source, target)
    random.seed()
    for name, value in litter.settings.items():
        setattr(settings, name, value)
    settings.FAULTPOINTS = litter.armed if litter.born <= litter.generations else ""
    _offer_poison()
    if litter.freeze_at and litter.born == 1:
        _freeze_at(litter.freeze_at)


def _serve(litter: Litter) -> None:
    import uvicorn

    assert litter.listener is not None
    server = uvicorn.Server(uvicorn.Config("config.asgi:app", log_level="warning", lifespan="on"))
    server.run(sockets=[litter.listener])


def _offer_poison() -> None:
    from apps.ingestion.sources import SOURCES

    SOURCES.entries["poison"] = "tests.faults.poison.PoisonSource"


def _freeze_at(label: str) -> None:
    from apps.notifications.services import delivering, preparing
    from apps.pipeline.services import deliveries, inbox, processing, questions

    frozen: list[str] = []

    def freeze(reached: str) -> None:
        if reached == label and not frozen:
            frozen.append(reached)
            os.kill(os.getpid(), signal.SIGSTOP)

    for module in (inbox, processing, questions, deliveries, delivering, preparing):
        module.__dict__["faultpoint"] = freeze


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
