import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from apps.core.engines.circuit import CircuitState
from apps.core.models import CircuitBreaker
from apps.core.resilience.breaker import Breaker, CircuitOpen, breaker_for
from apps.core.signals import breaker_state_changed

NAME = "provider:credential"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def changes() -> Iterator[list[tuple[str, CircuitState, CircuitState]]]:
    seen: list[tuple[str, CircuitState, CircuitState]] = []

    def note(name: str, previous: CircuitState, current: CircuitState, **_: Any) -> None:
        seen.append((name, previous, current))

    breaker_state_changed.connect(note)
    yield seen
    breaker_state_changed.disconnect(note)


def trip(breaker: Breaker) -> None:
    for _ in range(10):
        breaker.failed("timeout")


def let_time_pass() -> None:
    """As if the pause or the probe's lease had just ended."""
    past = timedelta(hours=1)
    CircuitBreaker.objects.update(
        open_until=F("open_until") - past, probe_until=F("probe_until") - past
    )


def granted(breaker: Breaker) -> bool:
    try:
        breaker.before()
    except CircuitOpen:
        return False
    return True


def in_threads(work: Callable[[Breaker], bool], breakers: list[Breaker]) -> list[bool]:
    barrier = threading.Barrier(len(breakers))

    def one(breaker: Breaker) -> bool:
        barrier.wait(10)
        try:
            return work(breaker)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(breakers)) as threads:
        return list(threads.map(one, breakers))


def state() -> str:
    return CircuitBreaker.objects.get(name=NAME).state


def test_ten_timeouts_trip_it_and_it_says_when_to_come_back() -> None:
    breaker = Breaker(NAME)
    trip(breaker)
    with pytest.raises(CircuitOpen) as caught:
        breaker.before()
    assert caught.value.status_code == 503
    assert caught.value.retry_after is not None
    assert 20 < caught.value.retry_after <= 36


@pytest.mark.parametrize("kind", ["4xx", "429"])
def test_refusals_never_trip_it_and_write_nothing(kind: str) -> None:
    breaker = Breaker(NAME)
    for _ in range(20):
        breaker.failed(kind)
    breaker.before()
    assert not CircuitBreaker.objects.exists()


def test_an_unknown_kind_of_failure_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Breaker(NAME).failed("nonsense")


def test_successes_keep_it_closed_although_they_are_written_late() -> None:
    breaker = Breaker(NAME)
    for _ in range(11):
        breaker.succeeded()
    trip(breaker)
    breaker.before()
    assert state() == CircuitState.CLOSED


def test_the_state_is_shared_by_breakers_with_separate_caches() -> None:
    here, there = Breaker(NAME), Breaker(NAME)
    for _ in range(5):
        here.failed("5xx")
        there.failed("connect")
    assert (granted(here), granted(there), granted(Breaker(NAME))) == (False, False, False)


def test_another_service_is_not_concerned() -> None:
    trip(Breaker(NAME))
    assert granted(Breaker("provider:other"))


def test_a_closed_circuit_is_read_once_a_second() -> None:
    breaker = Breaker(NAME)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(50):
            breaker.before()
    assert len(queries) == 1


def test_twenty_workers_send_exactly_one_probe() -> None:
    trip(Breaker(NAME))
    let_time_pass()
    assert sum(in_threads(granted, [Breaker(NAME) for _ in range(20)])) == 1
    assert state() == CircuitState.HALF_OPEN


def test_twenty_threads_of_one_worker_send_exactly_one_probe() -> None:
    breaker = Breaker(NAME)
    trip(breaker)
    let_time_pass()
    assert sum(in_threads(granted, [breaker] * 20)) == 1


def test_a_dead_prober_is_replaced_and_its_late_answer_ignored() -> None:
    dead, successor = Breaker(NAME), Breaker(NAME)
    trip(dead)
    let_time_pass()
    assert granted(dead)
    assert not granted(successor)
    let_time_pass()
    assert granted(successor)
    dead.succeeded()
    assert state() == CircuitState.HALF_OPEN
    successor.succeeded()
    assert state() == CircuitState.CLOSED


def test_a_probe_refused_with_429_is_an_answer() -> None:
    breaker = Breaker(NAME)
    trip(breaker)
    let_time_pass()
    breaker.before()
    breaker.failed("429")
    assert state() == CircuitState.CLOSED


def test_a_failed_probe_opens_it_for_longer() -> None:
    breaker = Breaker(NAME)
    trip(breaker)
    let_time_pass()
    breaker.before()
    breaker.failed("timeout")
    with pytest.raises(CircuitOpen) as caught:
        breaker.before()
    assert caught.value.retry_after is not None
    assert 40 < caught.value.retry_after <= 72


def test_every_change_is_announced_once(
    changes: list[tuple[str, CircuitState, CircuitState]],
) -> None:
    breaker = Breaker(NAME)
    trip(breaker)
    let_time_pass()
    breaker.before()
    breaker.succeeded()
    assert changes == [
        (NAME, CircuitState.CLOSED, CircuitState.OPEN),
        (NAME, CircuitState.OPEN, CircuitState.HALF_OPEN),
        (NAME, CircuitState.HALF_OPEN, CircuitState.CLOSED),
    ]


def test_a_change_that_is_rolled_back_is_not_announced(
    changes: list[tuple[str, CircuitState, CircuitState]],
) -> None:
    with transaction.atomic():
        trip(Breaker(NAME))
        transaction.set_rollback(True)
    assert changes == []


def test_a_process_has_one_breaker_of_a_name() -> None:
    assert breaker_for("a") is breaker_for("a")
    assert breaker_for("a") is not breaker_for("b")


def writes_of(call: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return sum("UPDATE" in query["sql"].split("FROM")[0] for query in queries)


def test_what_failed_together_is_written_once() -> None:
    CircuitBreaker.objects.create(name=NAME)
    assert writes_of(lambda: Breaker(NAME).ended(["timeout"] * 32)) == 1
    assert state() == "open"


def test_what_fails_once_it_is_open_writes_nothing() -> None:
    trip(Breaker(NAME))
    assert writes_of(lambda: Breaker(NAME).ended(["timeout"] * 32)) == 0


@pytest.mark.parametrize(
    "kinds",
    [
        ["timeout"] * 9,
        ["timeout"] * 10,
        ["success"] * 11 + ["5xx"] * 10,
        ["success"] * 10 + ["5xx"] * 10,
        ["5xx"] * 10 + ["success"] * 11,
        ["429"] * 20 + ["timeout", "4xx", "success"],
        ["success", "connect"] * 5,
    ],
    ids=str,
)
def test_together_they_say_what_they_say_one_by_one(kinds: list[str]) -> None:
    together, one_by_one = Breaker(NAME), Breaker("another")
    together.ended(kinds)
    for kind in kinds:
        one_by_one.ended([kind])
    together.failed("timeout")
    one_by_one.failed("timeout")
    rows = CircuitBreaker.objects.in_bulk(field_name="name")
    assert rows[NAME].state == rows["another"].state
    assert totals(rows[NAME]) == totals(rows["another"])


def totals(row: CircuitBreaker) -> tuple[int, int]:
    """Requests and failures, whichever ten seconds they fell into."""
    return sum(bucket[1] for bucket in row.window), sum(bucket[2] for bucket in row.window)


def test_successes_of_before_are_no_answer_of_a_probe_that_failed() -> None:
    breaker = Breaker(NAME)
    trip(Breaker(NAME))
    breaker.succeeded()
    let_time_pass()
    breaker.before()
    breaker.ended(["timeout"])
    assert state() == "open"
