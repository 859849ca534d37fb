"""What is said of what would have had to be otherwise, from a decision that may be long ago."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from apps.notifications.engines.explaining.against import against
from apps.notifications.engines.explaining.channel_flips import channel_flips
from apps.notifications.engines.explaining.flips import (
    MINUTES_LATER,
    Change,
    changes,
    flips,
    later,
    turnable,
)
from apps.notifications.types import Decision, Outcome, TurnedStep

# Changes that lead to another outcome together.
WayOut: TypeAlias = tuple[Change, ...]


def ways_out(decision: Decision) -> tuple[WayOut, ...]:
    """Each by itself leads to another outcome; none where none is known to."""
    if decision.outcome is Outcome.NOTIFY_NOW:
        return tuple((change,) for change in against(decision))
    settling = turnable(decision)
    if not isinstance(settling, TurnedStep):
        return ()
    firsts = (change for change in flips(decision) if change.setting in settling.turns)
    if not settling.then:
        return tuple((change,) for change in firsts)
    then = [
        next(change for change in changes(step) if change.setting in step.turns)
        for step in settling.then
    ]
    return tuple(_together((first, *then)) for first in firsts)


def otherwise(decision: Decision) -> tuple[str, ...]:
    """The words of every way out, and of what would have turned a channel."""
    said = (", and ".join(change.words for change in way) for way in ways_out(decision))
    return (*said, *(change.words for change in channel_flips(decision)))


def step_alone(decision: Decision) -> tuple[str, ...]:
    """Where no way out is known: what would have let the step that settled it pass, and no more."""
    if decision.outcome is Outcome.NOTIFY_NOW or ways_out(decision):
        return ()
    return tuple(change.words for change in flips(decision))


def _together(way: Iterable[Change]) -> WayOut:
    """One change for each setting: minutes add up, of other values the last holds."""
    found: dict[str, Change] = {}
    for change in way:
        before = found.get(change.setting)
        if before is None:
            found[change.setting] = change
        elif change.setting == MINUTES_LATER:
            found[change.setting] = later(int(str(before.value)) + int(str(change.value)))
        else:
            words = change.words.partition(" instead of ")[0]
            found[change.setting] = replace(change, words=words)
    return tuple(found.values())
