"""What would have had a channel taken otherwise, tried out with the channels' own questions."""

from dataclasses import replace

from apps.notifications.engines.cases import Case
from apps.notifications.engines.explaining.channel_flips import flips_of
from apps.notifications.engines.explaining.ways_out import Question, applied
from apps.notifications.engines.trace import turned
from apps.notifications.engines.ways import with_channels
from apps.notifications.types import Decision, HeldChannel, Step


def with_channel_ways_out(question: Question, alone: Decision, rung: Decision) -> Decision:
    """`rung`, which is `alone` with its channels: steps whose change frees theirs say so."""
    if not rung.held:
        return rung
    steps = tuple(_turned(question, alone, rung, step) for step in rung.steps)
    return replace(rung, steps=steps)


def _turned(question: Question, alone: Decision, rung: Decision, step: Step) -> Step:
    for change in flips_of(step):
        name = str(step.inputs["channel"])
        changed = with_channels(Case.of(*applied(change, question)), alone)
        if _held(changed, name) != _held(rung, name):
            return turned(step, (change.setting,))
    return step


def _held(decision: Decision, name: str) -> HeldChannel | None:
    return next((one for one in decision.held if one.name == name), None)
