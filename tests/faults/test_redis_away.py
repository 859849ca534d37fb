"""Redis down and Redis hanging while webhooks come in (reliability.md F11, F14)."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest

from apps.ingestion.models import Source
from tests.faults.harness import ROOMY, Toll, Workers, assert_each_told_once, wait_until_idle
from tests.faults.redis_server import ThrowAwayRedis
from tests.ingestion.posting import Answer, Letter, letter, post
from tests.pipeline import builders

pytestmark = pytest.mark.processes

PER_SECOND = 20
MORE_SECONDS_AT_MOST = 0.3

Breaking = Callable[[ThrowAwayRedis], None]


@pytest.fixture(scope="module")
def own_redis() -> Iterator[ThrowAwayRedis]:
    with tempfile.TemporaryDirectory(prefix="vigil-redis-") as folder:
        server = ThrowAwayRedis(Path(folder))
        yield server
        server.kill()


@pytest.fixture
def redis_server(own_redis: ThrowAwayRedis) -> ThrowAwayRedis:
    """Alive, whatever the test before did to it."""
    own_redis.revive()
    return own_redis


@pytest.fixture(scope="module")
def nursery(
    django_db_setup: None,
    own_redis: ThrowAwayRedis,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workers]:
    """Processes that know this Redis and no other."""
    variables = {**os.environ, "REDIS_URL": own_redis.url}
    started = Workers(tmp_path_factory.mktemp("redis-workers"), variables)
    yield started
    started.close()


def send(port: int, letters: list[Letter]) -> list[Answer]:
    """Twenty a second, evenly, each on time whatever became of the one before."""
    started = time.monotonic()

    def send_in_time(number: int, sent: Letter) -> Answer:
        time.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
        return post(port, sent)

    with ThreadPoolExecutor(PER_SECOND) as threads:
        return list(threads.map(send_in_time, range(len(letters)), letters))


@pytest.mark.parametrize("breaking", [ThrowAwayRedis.kill, ThrowAwayRedis.freeze])
def test_webhooks_are_accepted_and_worked_off_while_redis_is_away(
    breaking: Breaking, redis_server: ThrowAwayRedis, workers: Workers, source: Source
) -> None:
    port = workers.serve(settings=ROOMY)
    workers.start()
    letters = [
        letter(source, builders.news(), message_id=f"msg_{number}")
        for number in range(5 * PER_SECOND)
    ]
    calm = send(port, letters[: 2 * PER_SECOND])
    breaking(redis_server)
    away = send(port, letters[2 * PER_SECOND :])
    wait_until_idle(seconds=5)
    assert {answer.status for answer in (*calm, *away)} == {202}
    usual = max(answer.seconds for answer in calm)
    assert max(answer.seconds for answer in away) <= usual + MORE_SECONDS_AT_MOST
    toll = workers.stop()
    assert toll == Toll(kills=0, crashes=[], failures=0)
    assert_each_told_once([UUID(answer.body["event_id"]) for answer in (*calm, *away)])
