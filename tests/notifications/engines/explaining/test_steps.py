from datetime import timedelta

import pytest

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.explaining.steps import explain, explain_step
from apps.notifications.engines.noise_filter import decide
from apps.notifications.types import FilterContext, Frequency, QuietHoursPolicy, Step, Told
from tests.notifications.engines.builders import (
    FINGERPRINT,
    NOON,
    a_code,
    a_context,
    a_night,
    a_verdict,
    utc,
)

NIGHT = utc("2026-01-12T22:10")
TOLD = (Told(fingerprint=FINGERPRINT, at=NOON - timedelta(minutes=12)),)
PENDING = (Told(fingerprint=FINGERPRINT, at=NOON + timedelta(minutes=12)),)


@pytest.mark.parametrize(
    ("verdict", "context", "sentence"),
    [
        (a_verdict(), a_context(consented=False), "Consent: withdrawn."),
        (a_verdict(), a_context(enabled=False), "Notifications: switched off."),
        (a_verdict(expires_at=NOON), a_context(), "Expiry: was worth telling until 12:10."),
        (
            a_verdict(category=Category.SECURITY_CODE),
            a_context(categories=("risk",)),
            "Category: security code is muted.",
        ),
        (
            a_verdict(priority=2),
            a_context(min_urgency=Urgency.HIGH),
            "Urgency: low (priority 2) is below the wanted high (from 7).",
        ),
        (
            a_verdict(relevance=0.41),
            a_context(relevance_threshold=0.7),
            "Relevance: 0.41 is below 0.7.",
        ),
        (
            a_verdict(),
            a_context(told=TOLD),
            "Repetition: something alike was told 12 min ago; repeats are silent for 30 min.",
        ),
        (
            a_verdict(),
            a_context(told=PENDING),
            "Repetition: something alike has just been told or is about to be;"
            " repeats are silent for 30 min.",
        ),
        (
            a_verdict(),
            a_context(sent_today=10),
            "Daily limit: 10 of 10 told today; held until 09:00.",
        ),
        (
            a_verdict(),
            a_context(last_interruption_at=NOON - timedelta(minutes=2)),
            "Pause: 2 min since the last interruption, 5 min wanted; held until 12:30.",
        ),
        (
            a_verdict(),
            a_context(frequency=Frequency.WEEKLY),
            "Frequency: weekly; held until 2026-01-19 09:00.",
        ),
    ],
)
def test_the_last_sentence_says_why_it_was_not_told(
    verdict: Verdict, context: FilterContext, sentence: str
) -> None:
    assert explain(decide(verdict, context, NOON))[-1] == sentence


@pytest.mark.parametrize(
    ("policy", "ending"),
    [
        (QuietHoursPolicy.DEFER, "; held until 07:00."),
        (QuietHoursPolicy.DIGEST, "; held until 09:00."),
        (QuietHoursPolicy.DROP, "; dropped."),
    ],
)
def test_quiet_hours_are_told_on_the_readers_clock(policy: QuietHoursPolicy, ending: str) -> None:
    decision = decide(a_verdict(), a_night(policy=policy), NIGHT)
    inside = "Quiet hours: 23:10 is inside 22:00–07:00 (Europe/Berlin)"
    assert explain(decision)[-1] == inside + ending


def test_what_lapses_while_held_is_explained() -> None:
    verdict = a_verdict(expires_at=utc("2026-01-13T05:00"))
    assert explain(decide(verdict, a_night(), NIGHT))[-1] == (
        "Expiry: worth telling until 06:00, but told at 07:00 at the earliest."
    )


def test_an_ordinary_decision_reads_well() -> None:
    assert explain(decide(a_verdict(), a_context(), NOON)) == [
        "Consent: not withdrawn.",
        "Notifications: switched on.",
        "Expiry: not bound to a time.",
        "Channels: Inbox.",
        "Silence: none matches.",
        "Inhibition: none holds.",
        "Category: message is wanted.",
        "Urgency: medium (priority 5) reaches the wanted low (from 1).",
        "Relevance: 0.8 reaches 0.",
        "Client: all are wanted.",
        "Repetition: nothing alike in the last 30 min.",
        "Daily limit: 0 of 10 told today.",
        "Interruption budget: none.",
        "Pause: no earlier interruption.",
        "Snooze: none.",
        "Quiet hours: none set.",
        "Frequency: instant; told at once.",
    ]


def test_a_code_at_night_reads_well() -> None:
    context = a_night(max_per_day=0, last_interruption_at=NIGHT, frequency=Frequency.DAILY)
    decision = decide(a_code(expires_at=NIGHT + timedelta(minutes=5)), context, NIGHT)
    assert explain(decision)[2] == "Expiry: worth telling until 23:15."
    assert explain(decision)[11:] == [
        "Daily limit: 0 of 0 told today, but this cannot wait.",
        "Interruption budget: none.",
        "Pause: 0 min since the last interruption, 5 min wanted, but this is urgent.",
        "Snooze: none.",
        "Quiet hours: 23:10 is inside 22:00–07:00 (Europe/Berlin), but this cannot wait.",
        "Frequency: daily, but this is urgent; told at once.",
    ]


def test_a_vip_below_every_threshold_reads_well() -> None:
    context = a_context(
        categories=(), min_urgency=Urgency.HIGH, relevance_threshold=0.9, frequency=Frequency.BATCH
    )
    sentences = explain(decide(a_verdict(vip=True), context, NOON))
    assert sentences[6:9] == [
        "Category: message is muted, but a VIP sent it.",
        "Urgency: medium (priority 5) is below the wanted high (from 7), but a VIP sent it.",
        "Relevance: 0.8 is below 0.9, but a VIP sent it.",
    ]
    assert sentences[-1] == "Frequency: batch, but a VIP sent it; told at once."


def test_quiet_hours_that_do_not_hold_are_told_apart() -> None:
    sentences = explain(decide(a_verdict(), a_night(), NOON))
    assert "Quiet hours: 13:10 is outside 22:00–07:00 (Europe/Berlin)." in sentences


def test_a_step_of_another_version_is_named_with_its_result() -> None:
    assert explain_step(Step(code="full_moon", passed=False)) == "Full moon: not passed."
