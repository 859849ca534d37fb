"""Parts of the sentences that explain a step: its note, its times and its numbers."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from apps.notifications.engines.wanted import VIP_OVERRIDE
from apps.notifications.types import Plain, Reason, Step

_DAY = timedelta(days=1)
_NOTES: Mapping[str, str] = {
    "": "",
    VIP_OVERRIDE: ", but a VIP sent it",
    Reason.VIP.value: ", but a VIP sent it",
    Reason.URGENT.value: ", but this is urgent",
    "override": ", but this cannot wait",
}


def reaches(step: Step) -> str:
    return "reaches" if step.margin is None or step.margin >= 0 else "is below"


def note(step: Step) -> str:
    return _NOTES.get(step.note, f" ({step.note})")


def held(step: Step) -> str:
    return f"; held until {until(step)}" if "until" in step.inputs else ""


def until(step: Step) -> str:
    return clock(step.inputs["until"], step)


def number(value: Plain) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def clock(moment: Plain, step: Step) -> str:
    """The wall time, with its date when it is a day or more away from the moment of deciding."""
    then = datetime.fromisoformat(str(moment))
    at = datetime.fromisoformat(str(step.inputs.get("at", moment)))
    return f"{then:%H:%M}" if abs(then - at) < _DAY else f"{then:%Y-%m-%d %H:%M}"
