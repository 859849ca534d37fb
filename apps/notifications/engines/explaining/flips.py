"""What would have had to be otherwise: the smallest change that turns the step that settled it.

It reads nothing but the decision, so it serves recorded ones as well. Another step may settle the
changed question in the same way: `ways_out` goes on until the outcome differs.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import ROUND_FLOOR, Decimal
from math import ceil, inf
from typing import TypeAlias

from apps.core import timing
from apps.notifications.engines import budget
from apps.notifications.types import Bar, Decision, Frequency, Hold, Plain, Reason, Step

MINUTES_LATER = "minutes_later"
_OF_CHANNELS = frozenset(Hold.values)
# Further away is no small change, and who is never awake gets no better by it.
_LATEST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`setting` is a member of PreferenceValues, FilterContext or Ringing, one of its categories or
    channels by name, "<channel>.<member of ChannelRule>", or MINUTES_LATER; `words` follow "It
    would have been otherwise …".
    """

    setting: str
    value: Plain
    words: str


def turnable(decision: Decision) -> Step:
    """The step that settled it: of what would have been told too late, the one that put it off."""
    steps = tuple(step for step in decision.steps if step.code not in _OF_CHANNELS)
    lapses = len(steps) > 1 and steps[-1].code == Reason.EXPIRED.value
    return steps[-2] if lapses and not steps[-2].passed else steps[-1]


def flips(decision: Decision) -> tuple[Change, ...]:
    """The smallest changes that let pass the step that settled it, each by itself; the plainest
    first. Whether the outcome is another one then, `ways_out` has found out.
    """
    latest = 0.0 if decision.reason is Reason.EXPIRED else _minutes_left(decision)
    return tuple(
        change
        for change in changes(turnable(decision))
        if change.setting != MINUTES_LATER or float(str(change.value)) < latest
    )


def changes(step: Step) -> Iterator[Change]:
    """What would have let that step pass; nothing for one that passed."""
    return _none(step) if step.passed else _FOR.get(step.code, _none)(step)


def hundredth(number: float, rounding: str) -> float:
    """To two digits as they are printed, so that the words are as true as the value."""
    return float(Decimal(str(number)).quantize(Decimal("0.01"), rounding))


def _minutes_left(decision: Decision) -> float:
    """How much later it may be told before it lapses."""
    margins = (step.margin for step in decision.steps if step.code == Reason.EXPIRED.value)
    return min(next((margin for margin in margins if margin is not None), inf), _LATEST_MINUTES)


def _none(step: Step) -> Iterator[Change]:
    return iter(())


def later(minutes: int) -> Change:
    unit = "minute" if minutes == 1 else "minutes"
    return Change(setting=MINUTES_LATER, value=minutes, words=f"had it come {minutes} {unit} later")


def _later(step: Step) -> Iterator[Change]:
    yield later(ceil(-(step.margin or 0.0)))


def _consented(step: Step) -> Iterator[Change]:
    yield Change(setting="consented", value=True, words="with your consent to be told things")


def _switched_on(step: Step) -> Iterator[Change]:
    yield Change(setting="enabled", value=True, words="with notifications switched on")


def _channel(step: Step) -> Iterator[Change]:
    for name, bar in step.inputs.items():
        if isinstance(bar, str):
            yield Change(setting="channel", value=name, words=_BARS[bar].format(name))


def _unsilenced(step: Step) -> Iterator[Change]:
    yield Change(setting="silence", value=None, words="without the silence")
    yield from _later(step)


def _uninhibited(step: Step) -> Iterator[Change]:
    yield Change(setting="inhibition", value=None, words="without the inhibition")
    yield from _later(step)


def _wanted(step: Step) -> Iterator[Change]:
    word = step.inputs["category"]
    yield Change(setting="category_wanted", value=word, words=f"with the category {word} wanted")


def _less_urgent(step: Step) -> Iterator[Change]:
    found, least = step.inputs["urgency"], step.inputs["min_urgency"]
    words = f"with the minimum urgency {found} instead of {least}"
    yield Change(setting="min_urgency", value=found, words=words)


def _less_relevant(step: Step) -> Iterator[Change]:
    found = hundredth(float(str(step.inputs["relevance"])), ROUND_FLOOR)
    words = f"with a relevance threshold of at most {found:g}"
    yield Change(setting="relevance_threshold", value=found, words=words)


def _any_client(step: Step) -> Iterator[Change]:
    words = "with all clients wanted, not the assigned ones only"
    yield Change(setting="assigned_clients_only", value=False, words=words)


def _higher_cap(step: Step) -> Iterator[Change]:
    most = int(str(step.inputs["sent_today"])) + 1
    words = f"with a daily limit of {most} instead of {step.threshold}"
    yield Change(setting="max_per_day", value=most, words=words)


def _higher_budget(step: Step) -> Iterator[Change]:
    most = budget.higher(step)
    words = "without an interruption budget"
    if most is not None:
        words = f"with an interruption budget of {most} instead of {step.inputs['budget']}"
    yield Change(setting="interruption_budget", value=most, words=words)


def _unsnoozed(step: Step) -> Iterator[Change]:
    yield Change(setting="snoozed_until", value=None, words="without the snooze")
    yield from _later(step)


def _shorter_night(step: Step) -> Iterator[Change]:
    """An earlier end, where the quiet hours of every day alone hold it and it is after their start.

    In an hour that comes twice quiet hours last to the second: no wall ends them in the first.
    """
    yield from _later(step)
    walls = str(step.threshold)
    if not walls[0].isdigit() or "," in walls:
        return
    start = time.fromisoformat(walls.partition("–")[0])
    at = datetime.fromisoformat(str(step.inputs["at"]))
    end = at.time().replace(second=0)
    zone = timing.zone(str(step.inputs["zone"]))
    if start != end and timing.quiet_window(at, start, end, zone) is None:
        words = f"with quiet hours that end by {end:%H:%M}"
        yield Change(setting="quiet_end", value=end.isoformat(), words=words)


def _instant(step: Step) -> Iterator[Change]:
    words = f"with the frequency instant instead of {step.inputs['frequency']}"
    yield Change(setting="frequency", value=Frequency.INSTANT.value, words=words)


_BARS: Mapping[str, str] = {
    Bar.OFF.value: "with the channel {} switched on",
    Bar.TIER.value: "with a tier that has the channel {}",
    Bar.NO_ADDRESS.value: "with an address for the channel {}",
    Bar.UNVERIFIED.value: "with the channel {} verified",
    Bar.NO_CONSENT.value: "with consent to the channel {}",
    Bar.TOPIC.value: "with this topic on the channel {}",
}
_Changes: TypeAlias = Callable[[Step], Iterator[Change]]
_FOR: Mapping[str, _Changes] = {
    Reason.NO_CONSENT.value: _consented,
    Reason.DISABLED.value: _switched_on,
    Reason.NO_CHANNEL.value: _channel,
    Reason.SILENCED.value: _unsilenced,
    Reason.INHIBITED.value: _uninhibited,
    Reason.CATEGORY_MUTED.value: _wanted,
    Reason.BELOW_MIN_URGENCY.value: _less_urgent,
    Reason.BELOW_RELEVANCE.value: _less_relevant,
    Reason.NOT_ASSIGNED.value: _any_client,
    Reason.REDUNDANT.value: _later,
    Reason.DAILY_CAP.value: _higher_cap,
    Reason.BUDGET.value: _higher_budget,
    Reason.MIN_INTERVAL.value: _later,
    Reason.SNOOZED.value: _unsnoozed,
    Reason.QUIET_HOURS.value: _shorter_night,
    Reason.BATCHED.value: _instant,
}
