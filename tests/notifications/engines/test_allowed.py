"""Which ways a notification takes, of those that may be used."""

import pytest

from apps.notifications.engines.allowed import channels_for
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import Outcome, PreferenceValues
from tests.notifications.engines.builders import NOON, a_context, a_verdict

BOTH = ("in_app", "console")


@pytest.mark.parametrize(
    ("thresholds", "priority", "expected"),
    [
        ({}, 1, BOTH),
        ({"console": 7}, 6, ("in_app",)),
        ({"console": 7}, 7, BOTH),
        ({"console": 10}, 9, ("in_app",)),
        ({"sms": 10}, 1, BOTH),
    ],
)
def test_a_channel_takes_what_reaches_its_threshold(
    thresholds: dict[str, int], priority: int, expected: tuple[str, ...]
) -> None:
    preference = PreferenceValues(channels=BOTH, thresholds=thresholds)
    assert channels_for(preference, priority) == expected


def test_a_threshold_opens_no_channel_that_may_not_be_used() -> None:
    assert channels_for(PreferenceValues(channels=(), thresholds={"console": 1}), 10) == ()


def test_what_a_channel_does_not_take_is_told_and_the_trace_says_why() -> None:
    context = a_context(channels=BOTH, thresholds={"console": 7})
    decision = decide(a_verdict(priority=5), context, NOON)
    [step] = [step for step in decision.steps if step.code == "no_channel"]
    assert (decision.outcome, step.passed) == (Outcome.NOTIFY_NOW, True)
    assert explain_step(step) == "Channels: Inbox; console from priority 7."


def test_the_trace_is_silent_on_a_threshold_that_was_reached() -> None:
    context = a_context(channels=BOTH, thresholds={"console": 7})
    decision = decide(a_verdict(priority=7), context, NOON)
    [step] = [step for step in decision.steps if step.code == "no_channel"]
    assert explain_step(step) == "Channels: Inbox, console."
