"""`manage.py drain --loop` runs where there is no Beat, so it must miss none of its ticks."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import Business, User
from apps.notifications.models import Feedback, Proposal
from apps.pipeline.management.commands.drain import Tick, run_due, ticks_of
from apps.pipeline.services.draining import DRAINS
from apps.schedules.beat import TICKS
from tests import factories


def test_the_loop_runs_every_tick_that_beat_has_and_as_often() -> None:
    loops = {tick.task: tick.every_seconds for tick in ticks_of(list(DRAINS))}
    assert loops.keys() == {tick.task for tick in TICKS}
    assert all(loops[tick.task] <= tick.every_seconds for tick in TICKS)


def test_who_drains_one_queue_drains_nothing_else() -> None:
    assert [tick.task for tick in ticks_of(["deliver"])] == ["pipeline.sweep"]


@pytest.mark.django_db(transaction=True)
def test_what_was_dismissed_is_proposed_from_without_a_broker(
    northwind: Business, ana: User
) -> None:
    at = timezone.now() - timedelta(hours=1)
    event = factories.make_event(business=northwind, user=ana, received_at=at)
    factories.make_classification(event=event, category="newsletter")
    told = factories.make_notification(event=event, user=ana, now=at, category="newsletter")
    factories.make_feedback(notification=told, kind=Feedback.Kind.LESS_LIKE_THIS)
    assert run_due(ticks_of(list(DRAINS)))
    assert Proposal.objects.get().status == Proposal.Status.OPEN


@pytest.mark.django_db(transaction=True)
def test_a_tick_waits_for_its_time_and_keeps_no_other_waiting_when_it_fails() -> None:
    ran: list[str] = []

    def fail() -> None:
        ran.append("failing")
        raise RuntimeError("no database")

    often = Tick(task="often", every_seconds=0, start=lambda: ran.append("often"))
    ticks = [Tick(task="failing", every_seconds=3_600, start=fail), often]
    assert not run_due(ticks)
    assert run_due(ticks)
    assert ran == ["failing", "often", "often"]


def test_proposals_are_looked_for_as_the_settings_say() -> None:
    seconds = {tick.task: tick.every_seconds for tick in ticks_of(list(DRAINS))}
    assert seconds["notifications.propose"] == settings.PROPOSALS_INTERVAL_SECONDS
