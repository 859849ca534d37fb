import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.bootstrap.layout import PROJECT
from config.bootstrap.proctable import ON_LINUX, start_token
from config.bootstrap.throwaway import PREFIX, sweep, throwaway_pair
from tests.bootstrap.instances import eventually

pytestmark = [
    pytest.mark.processes,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]

HOLD_A_PAIR = """
import time
from config.bootstrap.throwaway import throwaway_pair
with throwaway_pair(given={}):
    print("READY", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def temporary(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of these tests alone, so that they never sweep another run's."""
    monkeypatch.setenv("TMPDIR", str(open_folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return open_folder


def pairs_in(folder: Path) -> list[Path]:
    return list(folder.glob(f"{PREFIX}*"))


def make_old(folder: Path) -> None:
    os.utime(folder, (0, 0))


def killed_run(temporary: Path) -> tuple[Path, int]:
    """What a test run leaves when it is killed: its folder, and the pid its database had."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_A_PAIR],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as run:
        assert run.stdout is not None
        assert "READY\n" in iter(run.stdout.readline, "")
        folder = pairs_in(temporary)[0]
        database = int((folder / "pgdata" / "postmaster.pid").read_text().split()[0])
        run.kill()
    return folder, database


def test_a_folder_that_was_just_made_is_not_swept(temporary: Path) -> None:
    (temporary / f"{PREFIX}young").mkdir()
    sweep()
    assert pairs_in(temporary)


def test_a_run_that_still_lives_is_not_swept(temporary: Path) -> None:
    with throwaway_pair(given={}) as urls:
        make_old(pairs_in(temporary)[0])
        sweep()
        with psycopg.connect(urls["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_what_a_killed_run_left_is_swept(temporary: Path) -> None:
    folder, _ = killed_run(temporary)
    make_old(folder)
    sweep()
    assert pairs_in(temporary) == []


@pytest.mark.skipif(not ON_LINUX, reason="only Linux tells children that their parent died")
def test_the_servers_of_a_killed_run_end_by_themselves(temporary: Path) -> None:
    _, database = killed_run(temporary)
    assert eventually(lambda: start_token(database) is None, meanwhile=lambda: None)


def test_nothing_is_left_behind(temporary: Path) -> None:
    with throwaway_pair(given={}):
        assert pairs_in(temporary)
    assert pairs_in(temporary) == []


@pytest.mark.usefixtures("temporary")
def test_the_servers_are_fast_and_not_durable() -> None:
    with throwaway_pair(given={}) as urls, psycopg.connect(urls["DATABASE_URL"]) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
