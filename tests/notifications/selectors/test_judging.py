"""What somebody was told lately, and when they read, by their own clock."""

from datetime import timedelta

import pytest

from apps.accounts.models import Business, User
from apps.notifications.selectors import last_words, reads_by_hour, told_since
from tests import factories
from tests.factories.values import NOON

pytestmark = pytest.mark.django_db


def test_whoever_has_read_nothing_has_no_habits(ana: User, northwind: Business) -> None:
    factories.make_notification(event=factories.make_event(business=northwind, user=ana), user=ana)
    assert reads_by_hour({ana.pk: "UTC"}) == {}


def test_reads_are_counted_by_the_hour_of_the_readers_day(
    ana: User, boris: User, northwind: Business
) -> None:
    for user, hours in ((ana, 0), (ana, 0), (ana, 3), (boris, 1)):
        factories.make_notification(
            event=factories.make_event(business=northwind, user=user),
            user=user,
            read_at=NOON + timedelta(hours=hours),
        )
    reads = reads_by_hour({ana.pk: "Asia/Kathmandu", boris.pk: "UTC"})
    assert {hour: count for hour, count in enumerate(reads[ana.pk]) if count} == {17: 2, 20: 1}
    assert reads[boris.pk][13] == 1


def test_nobody_was_told_anything(ana: User) -> None:
    assert told_since({ana.pk}, NOON) == {}


def test_what_counts_is_when_it_is_told_not_when_that_was_decided(
    ana: User, boris: User, northwind: Business
) -> None:
    for number, (decided, due) in enumerate(
        ((-1, -1), (-9, 0), (-9, 90), (-9, -1), (0, 0), (1, 9))
    ):
        factories.make_notification(
            event=factories.make_event(business=northwind, user=ana),
            user=ana,
            fingerprint=number,
            now=NOON + timedelta(minutes=decided),
            due_at=NOON + timedelta(minutes=due),
        )
    told = told_since({ana.pk, boris.pk}, NOON)
    assert [one.fingerprint for one in told[ana.pk]] == [5, 4, 1, 2]
    assert [one.at for one in told[ana.pk]][2:] == [NOON, NOON + timedelta(minutes=90)]
    assert boris.pk not in told


def test_a_flood_and_what_waits_are_cut_each_by_itself(
    ana: User, northwind: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.notifications.selectors.judging.TOLD_LOOKBACK_ROWS", 2)
    for number, (decided, due) in enumerate(((-9, 5), (-9, 3), (-9, 3), (0, 0), (1, 1), (2, 2))):
        factories.make_notification(
            event=factories.make_event(business=northwind, user=ana),
            user=ana,
            fingerprint=number,
            now=NOON + timedelta(minutes=decided),
            due_at=NOON + timedelta(minutes=due),
        )
    told = told_since({ana.pk}, NOON)
    assert [one.fingerprint for one in told[ana.pk]] == [5, 4, 2, 1]


def test_the_last_word_of_a_meeting_counts_until_the_window_after_it_is_told(
    ana: User, northwind: Business
) -> None:
    event = factories.make_event(
        business=northwind, user=ana, kind="calendar", external_id="standup"
    )
    factories.make_notification(
        event=event, user=ana, fingerprint=7, due_at=NOON + timedelta(hours=9)
    )
    asked = {(ana.pk, event.external_id)}
    said = {(northwind.pk, ana.pk): {"standup": 7}}
    assert last_words(asked, NOON + timedelta(hours=9)) == said
    assert last_words(asked, NOON + timedelta(hours=10)) == {}
