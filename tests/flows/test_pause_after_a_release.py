"""What was put off and is told interrupts: the pause counts from then on, live and in a preview."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.accounts.selectors import business_of
from apps.notifications import selectors
from apps.notifications.engines.replaying import Setting, replay
from apps.notifications.engines.trace import trace_to_json
from apps.notifications.models import Decision
from apps.notifications.services.consenting import needs_in_use
from apps.notifications.services.recipients import pace_of
from apps.pipeline.services.inbox import drain_inbox
from tests import factories
from tests.flows.conftest import Outsider

Mail = Callable[..., dict[str, Any]]

TEXTS = (
    "The contract is ready to be signed by you.",
    "Here are the photos of the hike on Sunday.",
    "Attached is the offer you asked for last week.",
)


@pytest.fixture
def awake_at(ana: User, settings: Settings) -> datetime:
    """Three days ago Ana's quiet hours ended; from then on a second channel needs a pause."""
    settings.EXTRA_CHANNELS, settings.PRESENCE_WINDOW_SECONDS = ["console"], 0
    settings.MIN_NOTIFICATION_INTERVAL_SECONDS = 300
    ends = (timezone.now() - timedelta(days=3)).replace(second=0, microsecond=0)
    factories.make_preference(
        user=ana,
        quiet_hours_enabled=True,
        quiet_start=(ends - timedelta(hours=2)).time(),
        quiet_end=ends.time(),
    )
    return ends


@pytest.fixture
def receive(mailroom: Outsider, mail: Mail) -> Callable[[str, datetime], Decision]:
    def run(text: str, at: datetime) -> Decision:
        mailroom.post(mail(subject=text[:12], text=text))
        drain_inbox(now=at, limit=10)
        decision = Decision.objects.latest("event_id")
        # The database's own clock knows nothing of the moment a test says it is.
        Decision.objects.filter(pk=decision.pk).update(created_at=at)
        return decision

    return run


Receive = Callable[[str, datetime], Decision]


def replayed(user: User, since: datetime) -> list[object]:
    business = business_of(user)
    preference = selectors.effective_of(
        selectors.preference_of(user), business, needs=needs_in_use()
    )
    occurrences, _ = selectors.occurrences_of(business, user, since=since, limit=10)
    decisions = replay(occurrences, Setting(preference=preference, pace=pace_of(preference)))
    return [trace_to_json(decision.steps) for decision in decisions]


@pytest.mark.parametrize(("seconds", "reason"), [(7, "min_interval"), (300, "passed")])
def test_something_new_waits_for_the_pause_after_what_was_put_off(
    awake_at: datetime, receive: Receive, ana: User, seconds: int, reason: str
) -> None:
    began = awake_at - timedelta(hours=1)
    for minutes, text in enumerate(TEXTS[:2]):
        assert receive(text, began + timedelta(minutes=minutes)).reason == "quiet_hours"
    assert receive(TEXTS[2], awake_at + timedelta(seconds=seconds)).reason == reason
    live = Decision.objects.order_by("event_id").values_list("trace", flat=True)
    assert replayed(ana, began) == list(live)


def test_what_is_still_put_off_is_no_interruption(awake_at: datetime, receive: Receive) -> None:
    receive(TEXTS[0], awake_at - timedelta(minutes=30))
    code = "Your verification code is 482913. It is valid for 10 minutes."
    told = receive(code, awake_at - timedelta(minutes=29))
    [step] = [step for step in told.trace if step["code"] == "min_interval"]
    assert step["passed"]
    assert "margin" not in step
