import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.bootstrap.ledger import Ledger, stop_survivors
from config.bootstrap.proctable import start_token

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, start_new_session=True) as process:
        yield process
        process.kill()


def rewrite_token(path: Path, token: str) -> None:
    entries = json.loads(path.read_text())
    path.write_text(json.dumps([{**entry, "token": token} for entry in entries]))


def test_a_pid_that_was_used_again_is_never_signaled(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    ledger = Ledger(tmp_path / "children.json")
    ledger.record("web", sleeper.pid, signal.SIGTERM)
    rewrite_token(ledger.path, "the start of another process")
    assert stop_survivors(ledger) == []
    assert sleeper.poll() is None


@pytest.mark.parametrize("content", ["", "{half", "[1]", '[{"name": "web"}]', '{"a": 1}'])
def test_an_unreadable_ledger_names_nobody(tmp_path: Path, content: str) -> None:
    path = tmp_path / "children.json"
    path.write_text(content)
    assert Ledger(path).survivors() == []


def test_a_zombie_has_ended() -> None:
    process = subprocess.Popen(SLEEP)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert start_token(process.pid) is None
    process.wait()


def test_an_orphan_of_an_earlier_run_is_stopped(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    path = tmp_path / "children.json"
    Ledger(path).record("worker", sleeper.pid, signal.SIGTERM)
    assert stop_survivors(Ledger(path)) == ["worker"]
    assert sleeper.wait(timeout=10) == -signal.SIGTERM


def test_a_child_that_was_stopped_is_forgotten(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    ledger = Ledger(tmp_path / "children.json")
    ledger.record("worker", sleeper.pid, signal.SIGTERM)
    ledger.forget("worker")
    assert Ledger(ledger.path).survivors() == []
