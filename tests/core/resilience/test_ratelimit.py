import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import Unavailable
from apps.core.redis import client, connect
from apps.core.resilience.limits import Limit, LocalLimiter
from apps.core.resilience.ratelimit import RateLimiter
from tests.core.resilience.conftest import MakeLimit, ThrowAwayServer

MANY = 1_000


def call_count(name: str) -> int:
    statistics = client().info("commandstats")
    return sum(values["calls"] for key, values in statistics.items() if key == f"cmdstat_{name}")


def test_fifty_threads_never_get_more_than_the_limit(
    limiter: RateLimiter, limit: MakeLimit
) -> None:
    hundred = limit(burst=100)
    with ThreadPoolExecutor(50) as threads:
        waits = list(threads.map(lambda _: limiter.check([[hundred]])[0], range(MANY)))
    assert waits.count(0.0) == 100


def test_the_wait_is_the_time_until_the_next_one_is_allowed(
    limiter: RateLimiter, limit: MakeLimit
) -> None:
    tenth_of_a_second = limit(per_minute=600, burst=1)
    limiter.check([[tenth_of_a_second]])
    [wait] = limiter.check([[tenth_of_a_second]])
    assert 0.05 < wait <= 0.1
    time.sleep(wait)
    assert limiter.check([[tenth_of_a_second]]) == [0.0]


def test_a_batch_meets_one_instant_and_exact_waits(limiter: RateLimiter, limit: MakeLimit) -> None:
    one = limit(per_minute=60, burst=2)
    assert limiter.check([[one]] * 4) == [0.0, 0.0, 1.0, 1.0]


def test_a_request_that_one_key_refuses_consumes_none(
    limiter: RateLimiter, limit: MakeLimit
) -> None:
    wide, narrow = limit("wide", burst=2), limit("narrow", burst=1)
    waits = limiter.check([[wide, narrow], [wide, narrow], [wide], [wide]])
    assert [wait == 0.0 for wait in waits] == [True, False, True, False]


def test_the_longest_wait_of_all_keys_counts(limiter: RateLimiter, limit: MakeLimit) -> None:
    fast, slow = limit("fast", per_minute=60, burst=1), limit("slow", per_minute=6, burst=1)
    assert limiter.check([[fast, slow]] * 2) == [0.0, 10.0]


def test_a_limit_without_burst_allows_a_minute_at_once(
    limiter: RateLimiter, limit: MakeLimit
) -> None:
    waits = limiter.check([[limit(per_minute=5)]] * 6)
    assert waits == [0.0] * 5 + [12.0]


def test_nothing_asked_is_nothing_answered(nobody: redis.Redis) -> None:
    assert RateLimiter(nobody, on_failure="closed").check([]) == []


def test_a_flushed_script_is_loaded_again(limiter: RateLimiter, limit: MakeLimit) -> None:
    one = limit(burst=1)
    limiter.check([[one]])
    client().script_flush()
    assert limiter.check([[one]])[0] > 0


def test_two_hundred_requests_over_three_keys_are_one_round_trip(
    limiter: RateLimiter, limit: MakeLimit
) -> None:
    limiter.check([[limit("warm")]])
    requests = [
        [limit(f"user{number}"), limit("source", burst=150), limit("global", per_minute=10_000)]
        for number in range(200)
    ]
    before = call_count("evalsha")
    waits = limiter.check(requests)
    assert call_count("evalsha") - before == 1
    assert waits.count(0.0) == 150


def test_keys_are_short_lived_and_tell_nobody_apart(limiter: RateLimiter) -> None:
    name = f"{uuid.uuid4().hex}@example.com"
    before = set(client().scan_iter("rl:*"))
    limiter.check([[Limit(key=name, per_minute=60, burst=5)]])
    [key] = set(client().scan_iter("rl:*")) - before
    assert len(key) == len("rl:") + 16
    assert name.encode() not in key
    assert 0 < client().pttl(key) <= 1_000


@pytest.mark.parametrize(("per_minute", "burst"), [(0, None), (-1, None), (1, 0), (60, -5)])
def test_a_limit_that_allows_nothing_is_a_mistake(per_minute: int, burst: int | None) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limit(key="key", per_minute=per_minute, burst=burst)


def test_without_redis_the_door_counts_by_itself(nobody: redis.Redis, limit: MakeLimit) -> None:
    three = limit(burst=3)
    waits = RateLimiter(nobody).check([[three]] * 4)
    assert waits[:3] == [0.0] * 3
    assert waits[3] == pytest.approx(60.0)


def test_without_redis_a_login_is_refused(nobody: redis.Redis, limit: MakeLimit) -> None:
    with pytest.raises(Unavailable) as caught:
        RateLimiter(nobody, on_failure="closed").check([[limit()]])
    assert (caught.value.status_code, caught.value.retry_after) == (503, 1.0)


def test_a_frozen_redis_costs_one_time_out_and_then_nothing(
    server: ThrowAwayServer, limit: MakeLimit
) -> None:
    connection = connect(server.url)
    limiter = RateLimiter(connection)
    limiter.check([[limit()]])
    server.freeze()
    durations = [_seconds_of(limiter, limit()) for _ in range(20)]
    connection.close()
    assert 0.2 < durations[0] <= 0.3
    assert max(durations[1:]) < 0.02


def test_while_redis_is_frozen_one_thread_a_second_pays(
    server: ThrowAwayServer, limit: MakeLimit
) -> None:
    connection = connect(server.url)
    limiter = RateLimiter(connection)
    server.freeze()
    limiter.check([[limit()]])
    time.sleep(1.05)
    with ThreadPoolExecutor(10) as threads:
        durations = sorted(threads.map(lambda _: _seconds_of(limiter, limit()), range(10)))
    connection.close()
    assert durations[-1] > 0.2
    assert durations[-2] < 0.15


def test_redis_is_used_again_once_it_is_back(server: ThrowAwayServer, limit: MakeLimit) -> None:
    connection = connect(server.url)
    limiter = RateLimiter(connection)
    one = limit(burst=1)
    server.freeze()
    limiter.check([[one]])
    server.thaw()
    time.sleep(1.05)
    waits = limiter.check([[one]] * 2)
    stored = connection.dbsize()
    connection.close()
    assert (waits, stored) == ([0.0, 60.0], 1)


def test_the_local_count_forgets_the_quietest_keys() -> None:
    local = LocalLimiter(max_keys=2)
    for key in ("a", "b", "a", "c"):
        local.check([[Limit(key=key, per_minute=60)]], now_microseconds=0.0)
    assert len(local) == 2
    waits = local.check([[Limit(key="a", per_minute=60, burst=2)]], now_microseconds=0.0)
    assert waits == [1.0]


@given(
    requests=st.lists(
        st.lists(
            st.tuples(st.integers(0, 4), st.integers(1, 10_000), st.integers(1, 5)),
            min_size=1,
            max_size=3,
            unique_by=lambda limit: limit[0],
        ),
        min_size=1,
        max_size=20,
    )
)
def test_redis_and_this_process_judge_alike(
    requests: list[list[tuple[int, int, int]]],
) -> None:
    namespace = uuid.uuid4().hex
    batch = [
        [
            Limit(key=f"{namespace}:{key}", per_minute=per_minute, burst=burst)
            for key, per_minute, burst in limits
        ]
        for limits in requests
    ]
    by_redis = RateLimiter(client(), on_failure="closed").check(batch)
    by_us = LocalLimiter().check(batch, now_microseconds=time.time() * 1_000_000)
    assert by_redis == pytest.approx(by_us, abs=0.000_002)


def _seconds_of(limiter: RateLimiter, limit: Limit) -> float:
    started = time.monotonic()
    limiter.check([[limit]])
    return time.monotonic() - started
