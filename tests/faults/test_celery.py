"""The Celery worker killed, and the broker emptied: hints are all that is lost (F9, F10)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

import config.celery  # noqa: F401  # hints need the configured application
from apps.accounts.models import Business, User
from apps.core import hints
from apps.core.redis import client
from apps.ingestion.models import RawEvent, Source
from apps.pipeline import tasks
from config.bootstrap import processes
from config.bootstrap.layout import PROJECT
from config.bootstrap.spawning import die_with_parent
from tests.faults.harness import ROOMY, assert_each_told_once, environment, wait_until
from tests.faults.postgres import terminate_all_others
from tests.pipeline import builders

pytestmark = pytest.mark.processes

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path) -> Iterator[Start]:
    """Starts Celery workers, each in a session of its own; all are killed in the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start_one(**variables: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "celery.log").open("ab") as log:
            process = subprocess.Popen(
                processes.worker(sys.executable, concurrency=2),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=PROJECT,
                env={**environment(), "LEASE_SECONDS": "1", "DRAIN_BATCH_ROWS": "5", **variables},
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509  # there is one thread
            )
        started.append(process)
        return process

    yield start_one
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and its children, as a power cut would."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def some_are(state: RawEvent.State) -> bool:
    return RawEvent.objects.filter(state=state).exists()


def sweep_until_idle(*, seconds: float) -> None:
    """What Beat does every few seconds."""
    deadline = time.monotonic() + seconds
    while RawEvent.objects.filter(state__in=RawEvent.OPEN).exists():
        assert time.monotonic() < deadline, f"not worked off within {seconds} s"
        tasks.sweep()
        time.sleep(0.25)


def receive(source: Source, count: int) -> list[UUID]:
    return builders.receive(source, *(builders.news() for _ in range(count)))


def test_the_sweep_finds_what_a_killed_worker_left_behind(start: Start, source: Source) -> None:
    event_ids = receive(source, 15)
    doomed = start(FAULTPOINTS="P4:0.5")
    hints.poke("inbox")
    wait_until(lambda: some_are(RawEvent.State.PROCESSING), seconds=30, what="a drain began")
    event_ids += receive(source, 15)
    hints.poke("inbox")
    kill(doomed)
    start()
    sweep_until_idle(seconds=30)
    assert_each_told_once(event_ids)


@pytest.mark.slow
def test_an_emptied_broker_loses_no_event_and_doubles_none(
    start: Start, business: Business, ana: User, source: Source, settings: Settings
) -> None:
    for name, value in ROOMY.items():
        setattr(settings, name, value)
    event_ids = receive(source, 150)
    start()
    hints.poke("inbox")
    wait_until(lambda: some_are(RawEvent.State.DONE), seconds=30, what="a drain began")
    client().flushdb()
    event_ids += receive(source, 150)
    hints.poke("inbox")
    client().flushdb()
    sweep_until_idle(seconds=30)
    assert_each_told_once(event_ids)


@pytest.mark.slow
def test_a_worker_whose_database_connection_was_cut_works_again_at_the_next_hint(
    start: Start, source: Source
) -> None:
    start()
    event_ids = receive(source, 5)
    sweep_until_idle(seconds=30)
    terminate_all_others()
    event_ids += receive(source, 5)
    sweep_until_idle(seconds=10)
    assert_each_told_once(event_ids)
