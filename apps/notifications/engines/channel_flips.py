"""What would have had to be otherwise for a held channel to be taken with the rest.

The outcome stays as it is, so these are not among its ways out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from apps.notifications.engines.flips import Change
from apps.notifications.types import Decision, Hold, Step


def channel_flips(decision: Decision) -> tuple[Change, ...]:
    """For each step that holds a channel, the smallest change that turns it."""
    return tuple(
        change
        for step in decision.steps
        if step.code in _FOR and not step.passed
        for change in _FOR[step.code](step, str(step.inputs["channel"]))
    )


def _no_quiet_hours(step: Step, channel: str) -> Iterator[Change]:
    words = f"on {channel} without its quiet hours {step.threshold}"
    yield Change(setting=f"{channel}.quiet_start", value=None, words=words)


def _higher_cap(step: Step, channel: str) -> Iterator[Change]:
    most = int(str(step.inputs["told"])) + 1
    words = f"on {channel} with a daily limit of {most} instead of {step.threshold}"
    yield Change(setting=f"{channel}.max_per_day", value=most, words=words)


def _away(step: Step, channel: str) -> Iterator[Change]:
    words = f"on {channel} had you not been at your inbox"
    yield Change(setting="seen_at", value=None, words=words)


_Changes: TypeAlias = Callable[[Step, str], Iterator[Change]]
_FOR: Mapping[str, _Changes] = {
    Hold.QUIET_HOURS.value: _no_quiet_hours,
    Hold.CAP.value: _higher_cap,
    Hold.SEEN.value: _away,
}
