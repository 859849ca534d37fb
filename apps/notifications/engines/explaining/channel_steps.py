"""The steps about channels as sentences: which can be used, and what holds one by itself."""

from collections.abc import Mapping

from apps.notifications.engines.explaining.phrases import clock, held, note, number, until
from apps.notifications.types import CHANNEL_NAMES, Bar, Plain, Step

_BARS: Mapping[str, str] = {
    Bar.OFF.value: "switched off",
    Bar.TIER.value: "not in your tier",
    Bar.NO_ADDRESS.value: "without an address",
    Bar.UNVERIFIED.value: "not verified",
    Bar.NO_CONSENT.value: "without your consent",
    Bar.TOPIC.value: "not for this topic",
}


def usable_channels(step: Step) -> str:
    channels = step.inputs.get("channels")
    if isinstance(channels, list) and channels:
        return f"Channels: {', '.join(map(_named, channels))}{_in_turn(step)}{_asking(step)}"
    barred = (
        f"; {_named(name)} {_BARS[bar]}"
        for name, bar in step.inputs.items()
        if isinstance(bar, str)
    )
    return f"Channels: none can be used{''.join(barred)}{_asking(step)}"


def _in_turn(step: Step) -> str:
    """Those that ring only if the one before them does not reach."""
    later = step.inputs.get("in_turn")
    return f"; else {', then '.join(map(_named, later))}" if isinstance(later, list) else ""


def _asking(step: Step) -> str:
    """The channels that could be used and ask for more."""
    asking = ((name, least) for name, least in step.inputs.items() if isinstance(least, int))
    return "".join(f"; {_named(name)} from priority {least}" for name, least in asking)


def _of(step: Step) -> str:
    return f"Channel {_named(step.inputs.get('channel'))}"


def _named(channel: Plain) -> str:
    """As people call it; a channel of operators has its own name."""
    return CHANNEL_NAMES.get(str(channel), str(channel).replace("_", " "))


def channel_quiet_hours(step: Step) -> str:
    at, walls = clock(step.inputs["at"], step), f"{step.threshold} ({step.inputs.get('zone')})"
    inside = f"{at} is inside its quiet hours {walls}"
    return f"{_of(step)}: {inside}{note(step)}{_put_off(step)}"


def channel_cap(step: Step) -> str:
    told = f"{step.inputs.get('told')} of {step.threshold} told through it today"
    return f"{_of(step)}: {told}{note(step)}{_put_off(step)}"


def seen_elsewhere(step: Step) -> str:
    here = f"you were at your inbox {number(step.inputs.get('away_minutes'))} min ago"
    unread = "" if step.passed else ", and only if it is unread then"
    return f"{_of(step)}: {here}{note(step)}{_put_off(step)}{unread}"


def _put_off(step: Step) -> str:
    """What becomes of a channel that is not taken with the rest."""
    if step.passed:
        return ""
    if "until" not in step.inputs:
        return "; not told through it"
    return f"; in its digest of {until(step)}" if step.inputs.get("digest") else held(step)
