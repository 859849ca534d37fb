"""What was decided a while ago, asked for by the person as they are now."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from apps.notifications.engines.present import GO_ON, Answer, Ring, held, preflight
from apps.notifications.types import Bar, BarredChannel, ChannelRule, PreferenceValues
from tests.notifications.engines.builders import NOON, utc

AWAKE: dict[str, Any] = {"channels": ("in_app", "console")}
ASLEEP: dict[str, Any] = {
    **AWAKE,
    "quiet_hours_enabled": True,
    "quiet_start": time(12),
    "quiet_end": time(14),
}
LATER = NOON + timedelta(hours=1)


def a_ring(*, preference: dict[str, Any] | None = None, **changes: Any) -> Ring:
    """Of the console, unless it is said otherwise."""
    ordinary: dict[str, Any] = {
        "channel": "console",
        "local": False,
        "priority": 5,
        "released": False,
        "preference": PreferenceValues(**{**AWAKE, **(preference or {})}),
    }
    return Ring(**{**ordinary, **changes})


@pytest.mark.parametrize(
    ("preference", "reason"),
    [
        ({"consented": False, "enabled": False}, "no_consent"),
        ({"enabled": False}, "disabled"),
        ({"channels": ()}, "no_channel"),
        ({"barred": (BarredChannel(name="console", bar=Bar.TIER),)}, "tier"),
        ({"thresholds": {"console": 6}}, "priority"),
    ],
)
def test_what_is_not_wanted_any_more_is_given_up_even_if_quiet_hours_never_held_it(
    preference: dict[str, Any], reason: str
) -> None:
    ring = a_ring(preference=preference, released=True)
    assert preflight(ring, NOON) == Answer(reason=reason)


def test_a_silence_has_its_word_before_a_snooze() -> None:
    assert preflight(a_ring(silenced=True, snoozed_until=LATER), NOON) == Answer(reason="silenced")


def test_a_digest_takes_a_channel_whatever_that_asks_for() -> None:
    assert preflight(a_ring(preference={"thresholds": {"console": 9}}, priority=None), NOON).goes_on


def test_what_somebody_without_consent_waits_for_lies_in_the_inbox_at_once() -> None:
    ring = a_ring(
        channel="in_app", local=True, preference={**ASLEEP, "consented": False}, silenced=True
    )
    assert preflight(ring, NOON) == GO_ON


def test_what_the_inbox_alone_gets_asks_for_no_other_channel() -> None:
    barred = {"barred": (BarredChannel(name="in_app", bar=Bar.OFF),), "channels": ()}
    assert preflight(a_ring(channel="in_app", local=True, preference=barred), NOON).goes_on


@pytest.mark.parametrize(
    ("preference", "snoozed_until", "reason", "until"),
    [
        (ASLEEP, None, "quiet_hours", utc("2026-01-12 14:00")),
        (ASLEEP, LATER, "snoozed", utc("2026-01-12 14:00")),
        (AWAKE, LATER, "snoozed", LATER),
        (
            {
                **AWAKE,
                "channel_rules": {"console": ChannelRule(quiet_start=time(9), quiet_end=time(15))},
            },
            None,
            "channel_quiet_hours",
            utc("2026-01-12 15:00"),
        ),
    ],
)
def test_what_is_not_to_ring_now_waits_until_nothing_holds_it(
    preference: dict[str, Any], snoozed_until: datetime | None, reason: str, until: datetime
) -> None:
    values = PreferenceValues(**preference)
    assert held(values, "console", snoozed_until, NOON) == Answer(reason=reason, until=until)
    assert held(values, "console", snoozed_until, until) == GO_ON


def test_what_quiet_hours_do_not_hold_goes_through_a_snooze_too() -> None:
    assert preflight(a_ring(preference=ASLEEP, snoozed_until=LATER, released=True), NOON).goes_on
