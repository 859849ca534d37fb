"""kill -9 of the web process around the commit of the inbox (reliability.md F5, F6)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from apps.ingestion.models import RawEvent, Source
from tests.faults.harness import (
    ROOMY,
    Toll,
    Workers,
    assert_each_told_once,
    wait_until_idle,
)
from tests.ingestion.posting import Letter, letter, post_once, post_until_accepted
from tests.pipeline import builders

pytestmark = pytest.mark.processes

AROUND_THE_COMMIT = ["I4", "I6"]


def letters(source: Source, count: int) -> list[Letter]:
    return [letter(source, builders.news(), message_id=f"msg_{number}") for number in range(count)]


@pytest.mark.parametrize("label", AROUND_THE_COMMIT)
def test_a_sender_that_tries_again_meets_a_killed_web_process_and_nothing_is_lost(
    label: str, workers: Workers, source: Source
) -> None:
    port = workers.start("web", armed=label, generations=1, settings=ROOMY)["port"]
    workers.start()
    with ThreadPoolExecutor(4) as senders:
        answers = list(
            senders.map(lambda sent: post_until_accepted(port, sent), letters(source, 8))
        )
    wait_until_idle()
    toll = workers.stop()
    assert toll == Toll(kills=1, crashes=[], failures=0)
    event_ids = [UUID(tries[-1].body["event_id"]) for tries in answers]
    assert RawEvent.objects.count() == len(set(event_ids)) == 8
    assert_each_told_once(event_ids)


@pytest.mark.slow
def test_two_hundred_events_survive_a_web_process_that_is_killed_over_and_over(
    workers: Workers, source: Source
) -> None:
    port = workers.start("web", armed="I4:0.1,I6:0.1", settings=ROOMY)["port"]
    workers.start()
    with ThreadPoolExecutor(8) as senders:
        answers = list(
            senders.map(
                lambda sent: post_until_accepted(port, sent, seconds=90), letters(source, 200)
            )
        )
    wait_until_idle()
    toll = workers.stop()
    assert toll.kills > 0
    assert (toll.crashes, toll.failures) == ([], 0)
    event_ids = [UUID(tries[-1].body["event_id"]) for tries in answers]
    assert RawEvent.objects.count() == len(set(event_ids)) == 200
    assert_each_told_once(event_ids)


@pytest.mark.slow
def test_whatever_was_accepted_from_a_sender_that_never_tries_again_is_a_row(
    workers: Workers, source: Source
) -> None:
    port = workers.start("web", armed="I4:0.2,I6:0.2", settings=ROOMY)["port"]
    workers.start()
    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(lambda sent: post_once(port, sent), letters(source, 100)))
    wait_until_idle()
    toll = workers.stop()
    accepted = [UUID(answer.body["event_id"]) for answer in answers if answer and answer.accepted]
    assert toll.kills > 0
    assert 0 < len(accepted) <= 100
    assert_each_told_once(accepted)
