"""Topics that somebody wants no more of on one channel, and still in the inbox."""

import pytest

from apps.classification.types import Category
from apps.notifications.engines.allowed import channels_for
from apps.notifications.engines.explaining import explain_step
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.present import GO_ON, Answer, Ring, preflight
from apps.notifications.engines.topics import on_topic
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
    assert channels_for(on_topic(preference, category), 10) == expected


def test_what_is_left_is_told_and_the_trace_says_why() -> None:
    context = a_context(channels=BOTH, muted_topics=NO_NEWS)
    verdict = a_verdict(category=Category.NEWSLETTER)
    decision = decide(verdict, context, NOON)
    [step] = [step for step in decision.steps if step.code == "no_channel"]
    assert (decision.outcome, step.passed) == (Outcome.NOTIFY_NOW, True)
    assert step.inputs == {"channels": ["in_app"], "email": "topic"}
    assert explain_step(step) == "Channels: Inbox."
    wanted = on_topic(context.preference, verdict.category.value)
    assert list(taken(wanted, verdict.priority, decision)) == ["in_app"]


def test_where_nothing_is_left_the_trace_names_the_topic() -> None:
    context = a_context(channels=("email",), muted_topics=NO_NEWS)
    decision = decide(a_verdict(category=Category.NEWSLETTER), context, NOON)
    assert decision.outcome is Outcome.DROP
    assert explain_step(decision.steps[-1]) == (
        "Channels: none can be used; E-mail not for this topic."
    )


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
