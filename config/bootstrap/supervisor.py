"""Keeps the processes of one instance alive, and stops every one of them within five seconds."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.bootstrap.console import Phase, say
from config.bootstrap.errors import SetupError, Stopped
from config.bootstrap.ledger import BROKER, DATABASE, SERVERS, Ledger, signal_group
from config.bootstrap.spawning import Command, spawn
from config.bootstrap.tail import LOUD, Tail, rotate

TICK_SECONDS = 0.1
FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
APPLICATION_PATIENCE_SECONDS = 3.0
BROKER_PATIENCE_SECONDS = 0.4
DATABASE_PATIENCE_SECONDS = 1.1
KILLED_BY_SECOND_SIGNAL = 130
TAIL_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`before_start` runs before every start, `is_ready` is asked with the pid."""

    command: Command
    before_start: Callable[[], None] = lambda: None
    is_ready: Callable[[int], bool] = lambda pid: True
    loud: re.Pattern[str] = LOUD

    @property
    def name(self) -> str:
        return self.command.name


@dataclass(slots=True, kw_only=True)
class Child:
    service: Service
    process: subprocess.Popen[bytes]
    tail: Tail
    deaths: int = 0
    started_at: float = field(default_factory=time.monotonic)
    restart_at: float | None = None

    @property
    def running(self) -> bool:
        return self.process.poll() is None


class Supervisor:
    """For the main thread only. What waits raises Stopped once a signal has arrived."""

    def __init__(self, ledger: Ledger, logs: Path) -> None:
        self.ledger = ledger
        self.logs = logs
        self.children: dict[str, Child] = {}
        self._signals = 0

    def install_signal_handlers(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def start(self, service: Service) -> Child:
        log = self.logs / f"{service.name}.log"
        rotate(log)
        service.before_start()
        child = Child(
            service=service, process=self._spawn(service, log), tail=Tail(log, service.loud)
        )
        self.children[service.name] = child
        return child

    def wait_ready(self, child: Child, phase: Phase, *, patience: float) -> None:
        """Raises SetupError, with the end of its log, when the child ends or takes too long."""
        while not child.service.is_ready(child.process.pid):
            if not child.running or phase.elapsed > patience:
                raise SetupError(self.failure(child))
            phase.update()
            self.pause()

    def wait_finished(self, child: Child, phase: Phase) -> None:
        """For a child with an end. Raises SetupError when it fails."""
        while child.running:
            phase.update()
            self.pause()
        self.forget(child)
        if child.process.returncode:
            raise SetupError(self.failure(child))

    def pause(self) -> None:
        if self._signals:
            raise Stopped
        time.sleep(TICK_SECONDS)

    def run(self) -> None:
        """Until a signal arrives (raises Stopped)."""
        while True:
            self.tick()
            self.pause()

    def tick(self) -> None:
        """Notice the dead, bring back those that are due, repeat what is worth reading."""
        for child in list(self.children.values()):
            if child.restart_at is not None:
                self._bring_back_when_due(child)
            elif not child.running:
                self._bury(child)
            for line in child.tail.poll():
                say(f"  {child.service.name:<9}| {line}")

    def failure(self, child: Child) -> str:
        state = "does not get ready" if child.running else ending(child.process.returncode)
        tail = child.tail.last_lines(TAIL_LINES)
        return f"{child.service.name} {state}. The end of {child.tail.path}:\n{tail}"

    def forget(self, child: Child) -> None:
        self.children.pop(child.service.name, None)
        self.ledger.forget(child.service.name)

    def stop(self) -> None:
        """Applications, then the broker, then the database: nobody loses what it stands on."""
        applications = [child for name, child in self.children.items() if name not in SERVERS]
        self._stop_together(applications, APPLICATION_PATIENCE_SECONDS)
        for name, patience in (
            (BROKER, BROKER_PATIENCE_SECONDS),
            (DATABASE, DATABASE_PATIENCE_SECONDS),
        ):
            self._stop_together([self.children[name]] if name in self.children else [], patience)

    def _stop_together(self, children: list[Child], patience: float) -> None:
        for child in children:
            if child.running:
                signal_group(child.process.pid, child.service.command.stop_signal)
        _wait_all(children, patience)
        for child in children:
            _kill(child)
            self.forget(child)

    def _spawn(self, service: Service, log: Path) -> subprocess.Popen[bytes]:
        process = spawn(service.command, log)
        self.ledger.record(service.name, process.pid, service.command.stop_signal)
        return process

    def _bury(self, child: Child) -> None:
        """Its own children go too, so that the next one starts alone."""
        if child.service.name != DATABASE:
            signal_group(child.process.pid, signal.SIGKILL)
        if time.monotonic() - child.started_at > STEADY_AFTER_SECONDS:
            child.deaths = 0
        wait = min(FIRST_BACKOFF_SECONDS * 2**child.deaths, LONGEST_BACKOFF_SECONDS)
        child.deaths += 1
        child.restart_at = time.monotonic() + wait
        reason = ending(child.process.returncode)
        say(f"  {child.service.name} {reason}, starting it again in {wait:.0f} s")

    def _bring_back_when_due(self, child: Child) -> None:
        now = time.monotonic()
        if child.restart_at is None or now < child.restart_at:
            return
        try:
            child.service.before_start()
            child.process = self._spawn(child.service, child.tail.path)
        except (SetupError, OSError) as error:
            say(f"  {child.service.name} cannot start: {error}")
            child.restart_at = now + LONGEST_BACKOFF_SECONDS
            return
        child.started_at, child.restart_at = now, None
        say(f"  {child.service.name} started again")

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1
        if self._signals > 1 and number == signal.SIGINT:
            for child in self.children.values():
                _kill(child)
            os._exit(KILLED_BY_SECOND_SIGNAL)


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _kill(child: Child) -> None:
    """SIGQUIT lets PostgreSQL end its backends; recovery happens at the next start."""
    if child.running and child.service.name == DATABASE:
        signal_group(child.process.pid, signal.SIGQUIT)
        _wait_all([child], BROKER_PATIENCE_SECONDS)
    if child.running or child.service.name != DATABASE:
        signal_group(child.process.pid, signal.SIGKILL)
    child.process.wait()


def _wait_all(children: Iterable[Child], patience: float) -> None:
    deadline = time.monotonic() + patience
    while any(child.running for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
