import os
import signal
import sys
import time

import pytest

from config.bootstrap.console import Phase
from config.bootstrap.errors import SetupError, Stopped
from config.bootstrap.layout import PROJECT
from config.bootstrap.proctable import start_token
from config.bootstrap.spawning import Command
from config.bootstrap.supervisor import Service
from tests.bootstrap.instances import Instance, eventually

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

SLEEP = "import time; time.sleep(60)"
STUBBORN = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
{SLEEP}
"""
WITH_A_CHILD = """
import subprocess
child = subprocess.Popen(["sleep", "60"])
print(child.pid, flush=True)
child.wait()
"""
NOTES_ITS_END = f"""
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print(time.monotonic_ns())))
print("up", flush=True)
{SLEEP}
"""


def service(name: str, program: str) -> Service:
    argv = [sys.executable, "-c", program]
    return Service(command=Command(name=name, argv=argv, cwd=PROJECT, env=dict(os.environ)))


def log_of(instance: Instance, name: str) -> str:
    return (instance.layout.logs / f"{name}.log").read_text()


def idle() -> None:
    """Nothing to do between two looks."""


def test_a_child_deaf_to_sigterm_is_gone_within_five_seconds(instance: Instance) -> None:
    child = instance.supervisor.start(service("web", STUBBORN))
    assert eventually(lambda: "deaf" in log_of(instance, "web"), meanwhile=idle)
    started = time.monotonic()
    instance.supervisor.stop()
    assert time.monotonic() - started < 5
    assert child.process.returncode == -signal.SIGKILL


def test_the_children_of_a_killed_child_go_with_it(instance: Instance) -> None:
    child = instance.supervisor.start(service("worker", WITH_A_CHILD))
    assert eventually(lambda: log_of(instance, "worker") != "", meanwhile=idle)
    grandchild = int(log_of(instance, "worker"))
    child.process.kill()
    child.process.wait()
    instance.supervisor.tick()
    assert eventually(lambda: start_token(grandchild) is None, meanwhile=idle)


def test_a_command_that_fails_is_explained_with_the_end_of_its_output(instance: Instance) -> None:
    child = instance.supervisor.start(service("prepare", "raise SystemExit('no such table')"))
    with pytest.raises(SetupError, match=r"ended with exit code 1(.|\n)*no such table"):
        instance.supervisor.wait_finished(child, Phase("tables"))


def test_a_dead_child_comes_back_and_it_is_said(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    child = instance.supervisor.start(service("web", SLEEP))
    child.process.kill()
    child.process.wait()
    instance.supervisor.tick()
    assert "web was killed by SIGKILL, starting it again in 1 s" in capsys.readouterr().out
    assert eventually(lambda: child.running, meanwhile=instance.supervisor.tick)


def test_a_child_that_keeps_dying_waits_longer_every_time(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("config.bootstrap.supervisor.FIRST_BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr("config.bootstrap.supervisor.LONGEST_BACKOFF_SECONDS", 0.05)
    child = instance.supervisor.start(service("beat", "raise SystemExit(3)"))
    assert eventually(lambda: child.deaths == 4, meanwhile=instance.supervisor.tick)
    assert "beat ended with exit code 3" in capsys.readouterr().out


def test_a_warning_in_a_log_is_repeated_with_its_name(
    instance: Instance, capsys: pytest.CaptureFixture[str]
) -> None:
    instance.supervisor.start(service("worker", f"print('ERROR: full', flush=True); {SLEEP}"))
    assert eventually(lambda: "full" in log_of(instance, "worker"), meanwhile=idle)
    instance.supervisor.tick()
    assert "worker   | ERROR: full" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_waiting(instance: Instance, number: signal.Signals) -> None:
    instance.supervisor._on_signal(number, None)
    with pytest.raises(Stopped):
        instance.supervisor.run()


def test_the_applications_stop_before_the_servers(instance: Instance) -> None:
    for name in ("broker", "web"):
        instance.supervisor.start(service(name, NOTES_ITS_END))
    assert eventually(
        lambda: all("up" in log_of(instance, name) for name in ("broker", "web")), meanwhile=idle
    )
    instance.supervisor.stop()
    stopped = {name: int(log_of(instance, name).split()[-1]) for name in ("broker", "web")}
    assert stopped["web"] < stopped["broker"]
