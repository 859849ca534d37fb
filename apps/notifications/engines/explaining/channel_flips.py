"""What would have had to be otherwise for a held channel to be taken with the rest.

The outcome stays as it is, so these are not among its ways out.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from apps.notifications.engines.explaining.flips import Change
from apps.notifications.types import Decision, Hold, Step, TurnedStep


def channel_flips(decision: Decision) -> tuple[Change, ...]:
    """For each step that holds a channel, the smallest change by which it is told otherwise."""
    return tuple(
        change
        for step in decision.steps
        if isinstance(step, TurnedStep)
        for change in flips_of(step)
    )


def flips_of(step: Step) -> tuple[Change, ...]:
    """What turns a step that holds a channel; nothing for any other."""
    if step.passed or step.code not in _FOR:
        return ()
    return tuple(_FOR[step.code](step, str(step.inputs["channel"])))


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
