"""PostgreSQL throws everybody out, again and again (reliability.md F17)."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from apps.ingestion.models import RawEvent, Source
from tests.faults.harness import ROOMY, Workers, assert_each_told_once, wait_until, wait_until_idle
from tests.faults.postgres import Cutter, away
from tests.ingestion.posting import Answer, Letter, fresh, letter, post, post_until_accepted
from tests.pipeline import builders

pytestmark = pytest.mark.processes


@pytest.mark.slow
def test_cut_connections_cost_no_event_and_no_unexplained_answer(
    workers: Workers, source: Source
) -> None:
    port = workers.serve(settings=ROOMY)
    workers.start(count=2, settings={"DRAIN_BATCH_ROWS": 5})
    started = time.monotonic()

    def send_in_time(number: int, sent: Letter) -> list[Answer]:
        time.sleep(max(0.0, started + number / 40 - time.monotonic()))
        return post_until_accepted(port, sent)

    letters = [letter(source, builders.news(), message_id=f"msg_{n}") for n in range(200)]
    with Cutter(pause_seconds=0.2) as cutter, ThreadPoolExecutor(8) as senders:
        tries = list(senders.map(send_in_time, range(200), letters))
    wait_until_idle(seconds=20)
    toll = workers.stop()
    assert (toll.kills, toll.crashes) == (0, [])
    assert cutter.cuts > 10
    refusals = [answer for answers in tries for answer in answers[:-1]]
    assert {answer.status for answer in refusals} <= {503}
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refusals)
    event_ids = [UUID(answers[-1].body["event_id"]) for answers in tries]
    assert RawEvent.objects.count() == len(set(event_ids)) == 200
    assert_each_told_once(event_ids)


def test_after_a_restart_the_first_webhook_is_accepted(workers: Workers, source: Source) -> None:
    """The door has found out that its connection is dead before a sender does, and says so once."""
    port = workers.serve(settings={"SOURCE_CACHE_SECONDS": 0.05})
    lost, found = "source_directory_not_refreshed", "source_directory_refreshed_again"
    with away():
        wait_until(lambda: lost in workers.output(), seconds=10, what="the door has noticed")
        time.sleep(0.5)
    wait_until(lambda: found in workers.output(), seconds=10, what="the door is back")
    assert post(port, fresh(source)).status == 202
    assert workers.output().count(lost) == 1
