"""kill -9 of the worker between any two statements of the drains (reliability.md F1, F2)."""

from typing import Any

import pytest

from apps.classification.models import Insight, ModelCall
from apps.ingestion.models import Source
from tests.faults.harness import (
    CONSOLE,
    Toll,
    Workers,
    assert_each_told_once,
    console_lines,
    notification_ids,
    wait_until_idle,
)
from tests.pipeline import builders

pytestmark = pytest.mark.processes

INBOX = ["P1", "P2", "P3", "P4", "P5", "P6"]
ASKING = ["Q3", "Q5"]
EXPLAINING = ["I2", "I3", "I5"]
BEFORE_THE_SEND_OR_AFTER_THE_OUTCOME = ["D1", "D2", "D3", "D4", "D5", "D8"]
BETWEEN_THE_SEND_AND_ITS_OUTCOME = ["D6", "D7"]

# A first worker that dies for certain, and one born after it that lives.
ONCE: dict[str, Any] = {"count": 1, "generations": 1, "settings": CONSOLE}
# Two workers that die three times in ten, over and over, a row at a time. With six claims a row
# would be taken for poison in one run of fifty, rightly.
OFTEN: dict[str, Any] = {
    "count": 2,
    "settings": {**CONSOLE, "DRAIN_BATCH_ROWS": 1, "LEASE_SECONDS": 2, "MAX_CLAIMS": 30},
}


@pytest.mark.parametrize("label", [*INBOX, *BEFORE_THE_SEND_OR_AFTER_THE_OUTCOME])
def test_a_worker_killed_once_loses_nothing_and_tells_nothing_twice(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(4)))
    workers.start(armed=label, **ONCE)
    wait_until_idle()
    toll = workers.stop()
    assert toll == Toll(kills=1, crashes=[], failures=0)
    assert_each_told_once(event_ids)
    assert console_lines(workers.output()) == dict.fromkeys(notification_ids(), 1)


@pytest.mark.parametrize("label", ASKING)
def test_a_worker_killed_while_it_asks_a_model_asks_again_and_tells_once(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(4)))
    workers.start(armed=label, count=1, generations=1, settings={"CLASSIFIER_PROVIDER": "mock"})
    wait_until_idle()
    toll = workers.stop()
    assert toll == Toll(kills=1, crashes=[], failures=0)
    assert_each_told_once(event_ids)
    assert ModelCall.objects.filter(prompt_version="classify-1").count() == 4


@pytest.mark.parametrize("label", EXPLAINING)
def test_a_worker_killed_while_it_explains_explains_again_and_tells_once(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(4)))
    explaining = {"CLASSIFIER_PROVIDER": "mock", "INSIGHT_RELEVANCE": 0.0}
    workers.start(armed=label, count=1, generations=1, settings=explaining)
    wait_until_idle()
    toll = workers.stop()
    assert toll == Toll(kills=1, crashes=[], failures=0)
    assert_each_told_once(event_ids)
    states = Insight.objects.filter(correlation_id__in=event_ids).values_list("state", flat=True)
    assert list(states) == [Insight.State.DONE] * 4


@pytest.mark.parametrize("label", BETWEEN_THE_SEND_AND_ITS_OUTCOME)
def test_a_worker_killed_with_a_message_on_its_way_repeats_that_one_at_most(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(4)))
    workers.start(armed=label, **ONCE)
    wait_until_idle()
    toll = workers.stop()
    assert toll == Toll(kills=1, crashes=[], failures=0)
    assert_each_told_once(event_ids)
    assert sorted(console_lines(workers.output()).values()) == [1, 1, 1, 2]


@pytest.mark.slow
@pytest.mark.parametrize("label", [*INBOX, *BEFORE_THE_SEND_OR_AFTER_THE_OUTCOME])
def test_two_workers_killed_over_and_over_lose_nothing_and_tell_nothing_twice(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(30)))
    workers.start(armed=f"{label}:0.3", **OFTEN)
    wait_until_idle(seconds=90)
    toll = workers.stop()
    assert toll.kills > 0
    assert (toll.crashes, toll.failures) == ([], 0)
    assert_each_told_once(event_ids)
    assert console_lines(workers.output()) == dict.fromkeys(notification_ids(), 1)


@pytest.mark.slow
@pytest.mark.parametrize("label", BETWEEN_THE_SEND_AND_ITS_OUTCOME)
def test_two_workers_killed_over_and_over_repeat_at_most_one_message_a_kill(
    label: str, workers: Workers, source: Source
) -> None:
    event_ids = builders.receive(source, *(builders.news() for _ in range(30)))
    workers.start(armed=f"{label}:0.3", **OFTEN)
    wait_until_idle(seconds=90)
    toll = workers.stop()
    lines = console_lines(workers.output())
    assert_each_told_once(event_ids)
    assert lines.keys() == set(notification_ids())
    assert lines.total() - len(lines) <= toll.kills
    assert toll.kills > 0
