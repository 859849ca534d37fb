"""kill -9 of the digest builder between any two steps, and two at once (reliability.md F47)."""

from collections import Counter
from typing import Any

import pytest

from apps.accounts.models import Business, User
from apps.notifications.models import Delivery, Digest, DigestItem, DigestRound, Notification
from tests import factories
from tests.factories.values import NOON
from tests.faults.harness import CONSOLE, Toll, Workers, assert_attempts_add_up, wait_until

pytestmark = pytest.mark.processes

STEPS = ["G1", "G2", "G3", "G4", "G5"]
CHANNELS = ["in_app", "console"]
PEOPLE = 6
# Three for each person, of which the first has three rounds: whoever comes first takes it all.
THINGS = 3

ONCE: dict[str, Any] = {"count": 1, "generations": 1, "settings": CONSOLE}
OFTEN: dict[str, Any] = {
    "count": 2,
    "settings": {**CONSOLE, "DRAIN_BATCH_ROWS": 1, "LEASE_SECONDS": 2, "MAX_CLAIMS": 50},
}


@pytest.fixture
def held(business: Business, ana: User) -> list[Notification]:
    people = [ana, *(factories.make_user(business=business) for _ in range(PEOPLE - 1))]
    return [
        factories.make_waiting(
            event=factories.make_event(business=business, user=person), user=person, due_at=NOON
        )
        for person in people
        for _ in range(THINGS)
    ]


def assert_each_in_one_digest_a_channel(held: list[Notification]) -> None:
    """And nobody got an empty one, or more deliveries than digests."""
    told = Counter(DigestItem.objects.values_list("notification_id", "channel"))
    assert told == {(row.pk, channel): 1 for row in held for channel in CHANNELS}
    statuses = Notification.objects.values_list("status", "awaits_digest")
    assert set(statuses) == {("delivered", False)}
    assert all(digest.items.exists() for digest in Digest.objects.all())
    states = Delivery.objects.values_list("digest_id", "state")
    assert dict(states) == dict.fromkeys(Digest.objects.values_list("pk", flat=True), "delivered")
    assert_attempts_add_up()


def _finished() -> bool:
    rounds = DigestRound.objects.exclude(state=DigestRound.State.DONE)
    return not rounds.exists() and not Delivery.objects.exclude(state="delivered").exists()


def wait_until_gathered(*, seconds: float) -> None:
    wait_until(_finished, seconds=seconds, what="every round is done and every digest delivered")


@pytest.mark.parametrize("label", STEPS)
def test_a_builder_killed_once_loses_nothing_and_gathers_nothing_twice(
    label: str, workers: Workers, held: list[Notification]
) -> None:
    workers.start(armed=label, **ONCE)
    wait_until_gathered(seconds=30)
    assert workers.stop() == Toll(kills=1, crashes=[], failures=0)
    assert_each_in_one_digest_a_channel(held)
    assert workers.output().count("category=digest") == PEOPLE


@pytest.mark.slow
@pytest.mark.parametrize("label", STEPS)
def test_two_builders_killed_over_and_over_gather_everything_once(
    label: str, workers: Workers, held: list[Notification]
) -> None:
    # Six rounds at least: all of them are spared once in two hundred and fifty times.
    workers.start(armed=f"{label}:0.6", **OFTEN)
    wait_until_gathered(seconds=90)
    toll = workers.stop()
    assert toll.kills > 0
    assert (toll.crashes, toll.failures) == ([], 0)
    assert_each_in_one_digest_a_channel(held)


def test_two_builders_at_once_gather_everything_once(
    workers: Workers, held: list[Notification]
) -> None:
    workers.start(count=2, settings={**CONSOLE, "DRAIN_BATCH_ROWS": 1})
    wait_until_gathered(seconds=30)
    assert workers.stop() == Toll(kills=0, crashes=[], failures=0)
    assert_each_in_one_digest_a_channel(held)
    assert workers.output().count("category=digest") == PEOPLE
