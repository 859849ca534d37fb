import os

import pytest

from tests.plugins.servers import OWN_DATABASE_VARIABLE, WORKER_VARIABLE, take_own_redis_database


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://localhost:6379/0")
    monkeypatch.setenv(OWN_DATABASE_VARIABLE, "")


def test_a_run_without_workers_keeps_the_given_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WORKER_VARIABLE, raising=False)
    take_own_redis_database()
    assert os.environ["REDIS_URL"] == "redis://localhost:6379/0"


@pytest.mark.parametrize(("worker", "database"), [("gw0", 1), ("gw1", 2), ("gw11", 12)])
def test_no_two_workers_share_a_database(
    worker: str, database: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKER_VARIABLE, worker)
    take_own_redis_database()
    assert os.environ["REDIS_URL"] == f"redis://localhost:6379/{database}"


def test_a_process_that_a_worker_starts_keeps_the_database_of_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(WORKER_VARIABLE, "gw2")
    take_own_redis_database()
    take_own_redis_database()
    assert os.environ["REDIS_URL"] == "redis://localhost:6379/3"
