"""Topics that somebody wants no more of on one channel, and still in the inbox."""

import pytest

from apps.classification.types import Category
from apps.notifications.engines.allowed import channels_for
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.present import GO_ON, Answer, Ring, preflight
from apps.notifications.engines.ways import taken
from apps.notifications.types import Outcome, PreferenceValues
from tests.notifications.engines.builders import NOON, a_context, a_verdict

NO_NEWS = {"email": ("newsletter",)}
BOTH = ("in_app", "email")


@pytest.mark.parametrize(
    ("category", "expected"),
    [("newsletter", ("in_app",)), ("message", BOTH), ("", BOTH)],
)
def test_a_muted_topic_takes_the_other_channels(category: str, expected: tuple[str, ...]) -> None:
    preference = PreferenceValues(channels=BOTH, muted_topics=NO_NEWS)
    assert channels_for(preference, 10, category) == expected


def test_what_is_left_is_told_and_the_trace_says_why() -> None:
    context = a_context(channels=BOTH, muted_topics=NO_NEWS)
    verdict = a_verdict(category=Category.NEWSLETTER)
    decision = decide(verdict, context, NOON)
    [step] = [step for step in decision.steps if step.code == "no_channel"]
    assert (decision.outcome, step.passed) == (Outcome.NOTIFY_NOW, True)
    assert explain_step(step) == "Channels: Inbox; E-mail not for this topic."
    ways = taken(context.preference, verdict.priority, decision, verdict.category.value)
    assert list(ways) == ["in_app"]


@pytest.mark.parametrize(
    ("channel", "category", "answer"),
    [
        ("email", "newsletter", Answer(reason="topic")),
        ("email", "message", GO_ON),
        ("email", "", GO_ON),
        ("sms", "newsletter", GO_ON),
    ],
)
def test_what_is_muted_meanwhile_is_not_sent_any_more(
    channel: str, category: str, answer: Answer
) -> None:
    ring = Ring(
        channel=channel,
        local=False,
        priority=5,
        category=category,
        released=False,
        preference=PreferenceValues(channels=(*BOTH, "sms"), muted_topics=NO_NEWS),
    )
    assert preflight(ring, NOON) == answer
