"""A worker that sleeps past its lease and wakes up late (reliability.md F7), and poison (F43)."""

import os
import signal
from pathlib import Path

import pytest

from apps.accounts.models import Business, User
from apps.ingestion.models import RawEvent, Source
from apps.notifications.models import Notification
from apps.pipeline.models import Task
from tests.faults.harness import (
    CONSOLE,
    Toll,
    Workers,
    assert_each_told_once,
    console_lines,
    notification_ids,
    wait_until,
    wait_until_idle,
)
from tests.pipeline import builders

pytestmark = pytest.mark.processes


def is_frozen(pid: int) -> bool:
    """Linux and macOS both call a stopped process T; only Linux has the file."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("label", ["P3", "P4", "D2", "D3"])
def test_a_worker_that_wakes_up_after_its_lease_changes_nothing(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(4)))
    [sleeper] = workers.start(freeze_at=label, settings=CONSOLE)["pids"]
    wait_until(lambda: is_frozen(sleeper), seconds=10, what="the worker froze")
    workers.start(settings=CONSOLE)
    wait_until_idle()
    os.kill(sleeper, signal.SIGCONT)
    later = builders.receive(source, *(builders.news() for _ in range(2)))
    wait_until(lambda: not is_frozen(sleeper), seconds=5, what="the worker woke up")
    wait_until_idle()
    assert sleeper in workers.pids()
    toll = workers.stop()
    assert (toll.kills, toll.crashes) == (0, [])
    assert_each_told_once([*event_ids, *later])
    assert console_lines(workers.output()) == dict.fromkeys(notification_ids(), 1)


def test_a_body_that_kills_its_reader_dies_alone(
    workers: Workers, business: Business, ana: User
) -> None:
    source = builders.news_source(business)
    neighbours = builders.receive(source, *(builders.news() for _ in range(3)))
    [poison] = builders.receive(source, builders.news() | {"type": "poison"})
    neighbours += builders.receive(source, *(builders.news() for _ in range(3)))
    Source.objects.filter(pk=source.pk).update(kind="poison")
    workers.start(settings={"MAX_CLAIMS": 4})
    wait_until_idle(seconds=30)
    toll = workers.stop()
    assert toll == Toll(kills=4, crashes=[], failures=0)
    assert_each_told_once(neighbours)
    dead = builders.raw_of(poison)
    assert (dead.state, dead.reason) == (RawEvent.State.DEAD, "poison")
    assert not Notification.objects.filter(correlation_id=poison).exists()
    letter = Task.objects.get()
    assert letter.subject == f"inbox:{dead.pk}"
    assert letter.status == Task.Status.DEAD_LETTER
    assert letter.error["code"] == "poison"
