"""A night's messages do not all ring at seven: what is put off counts on the day it is told."""

from datetime import UTC, datetime, time, timedelta

import pytest

from apps.accounts.models import User
from apps.ingestion.models import Source
from apps.notifications.models import Decision, Tally
from tests import factories
from tests.pipeline.builders import drain, mail, receive

EVENING = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 5, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _asleep(linked_ana: User) -> None:
    factories.make_preference(
        user=linked_ana,
        quiet_hours_enabled=True,
        quiet_start=time(22),
        quiet_end=time(7),
    )
    factories.make_channel_preference(user=linked_ana, max_per_day=3)


def outcomes(mailbox: Source, count: int, at: datetime) -> list[tuple[str, str]]:
    receive(mailbox, *(mail() for _ in range(count)))
    drain(at)
    return list(Decision.objects.order_by("id").values_list("outcome", "reason"))[-count:]


def test_what_is_more_than_tomorrow_allows_joins_the_digest(mailbox: Source) -> None:
    assert outcomes(mailbox, 5, EVENING) == [
        *[("defer", "quiet_hours")] * 3,
        *[("digest", "daily_cap")] * 2,
    ]
    row = Tally.objects.get()
    assert (row.local_date, row.count, row.last_at) == (MORNING.date(), 3, None)


def test_batches_of_one_night_know_of_one_another(mailbox: Source) -> None:
    assert outcomes(mailbox, 2, EVENING) == [("defer", "quiet_hours")] * 2
    after_midnight = EVENING + timedelta(hours=5)
    assert outcomes(mailbox, 2, after_midnight) == [
        ("defer", "quiet_hours"),
        ("digest", "daily_cap"),
    ]


def test_what_was_put_off_to_a_day_leaves_less_of_it(mailbox: Source) -> None:
    outcomes(mailbox, 2, EVENING)
    assert outcomes(mailbox, 2, MORNING) == [("notify_now", "passed"), ("digest", "daily_cap")]
    row = Tally.objects.get()
    assert (row.count, row.last_at) == (3, MORNING)
