"""A decision's trace as sentences for people: one for each step, in the order asked."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from apps.notifications.engines.wanted import VIP_OVERRIDE
from apps.notifications.types import Bar, Decision, Hold, Plain, Reason, Step

_DAY = timedelta(days=1)
_NOTES: Mapping[str, str] = {
    "": "",
    VIP_OVERRIDE: ", but a VIP sent it",
    Reason.VIP.value: ", but a VIP sent it",
    Reason.URGENT.value: ", but this is urgent",
    "override": ", but this cannot wait",
}
_BARS: Mapping[str, str] = {
    Bar.OFF.value: "switched off",
    Bar.TIER.value: "not in your tier",
    Bar.UNVERIFIED.value: "not verified",
    Bar.NO_CONSENT.value: "without your consent",
}


def explain(decision: Decision) -> list[str]:
    return [explain_step(step) for step in decision.steps]


def explain_step(step: Step) -> str:
    """One sentence; a step of another version, unknown here, is named with its result."""
    sentence = _SENTENCES.get(step.code)
    if sentence is None:
        return f"{step.code.replace('_', ' ').capitalize()}: {_result(step)}."
    return f"{sentence(step)}."


def asked_with(step: Step) -> str:
    """What the question was asked with: its inputs, threshold and margin, as they are."""
    parts = [f"{name} = {value}" for name, value in step.inputs.items()]
    if step.threshold is not None:
        parts.append(f"threshold = {step.threshold}")
    if step.margin is not None:
        parts.append(f"margin = {step.margin:+g}")
    return ", ".join(parts)


def _consent(step: Step) -> str:
    return f"Consent: {'not withdrawn' if step.passed else 'withdrawn'}"


def _enabled(step: Step) -> str:
    return f"Notifications: switched {'on' if step.passed else 'off'}"


def _expiry(step: Step) -> str:
    if step.threshold is None:
        return "Expiry: not bound to a time"
    worth = f"worth telling until {_clock(step.threshold, step)}"
    if step.passed:
        return f"Expiry: {worth}"
    if "until" not in step.inputs:
        return f"Expiry: was {worth}"
    return f"Expiry: {worth}, but told at {_clock(step.inputs['until'], step)} at the earliest"


def _channel(step: Step) -> str:
    channels = step.inputs.get("channels")
    if isinstance(channels, list) and channels:
        return f"Channels: {', '.join(channels)}{_asking(step)}"
    barred = (f"; {name} {_BARS[bar]}" for name, bar in step.inputs.items() if isinstance(bar, str))
    return f"Channels: none can be used{''.join(barred)}{_asking(step)}"


def _asking(step: Step) -> str:
    """The channels that could be used and ask for more."""
    asking = ((name, least) for name, least in step.inputs.items() if isinstance(least, int))
    return "".join(f"; {name} from priority {least}" for name, least in asking)


def _silence(step: Step) -> str:
    if step.threshold is None:
        return "Silence: none matches"
    return f"Silence: silenced until {_clock(step.threshold, step)}"


def _inhibition(step: Step) -> str:
    if step.threshold is None:
        return "Inhibition: none holds"
    told_at = _clock(step.inputs["told_at"], step)
    return f"Inhibition: muted until {_clock(step.threshold, step)} by what was told at {told_at}"


def _category(step: Step) -> str:
    word = str(step.inputs.get("category")).replace("_", " ")
    if step.passed and not step.note:
        return f"Category: {word} is wanted"
    return f"Category: {word} is muted{_note(step)}"


def _urgency(step: Step) -> str:
    inputs = step.inputs
    found = f"Urgency: {inputs.get('urgency')} (priority {inputs.get('priority')})"
    wanted = f"the wanted {inputs.get('min_urgency')} (from {step.threshold})"
    return f"{found} {_reaches(step)} {wanted}{_note(step)}"


def _relevance(step: Step) -> str:
    found = _number(step.inputs.get("relevance"))
    return f"Relevance: {found} {_reaches(step)} {_number(step.threshold)}{_note(step)}"


def _assignment(step: Step) -> str:
    assigned = step.inputs.get("assigned")
    if assigned is None:
        return "Client: about none" if step.inputs.get("only") else "Client: all are wanted"
    whose = "looked after by you" if assigned else "not looked after by you"
    wanted = "; only those are wanted" if step.inputs.get("only") and not assigned else ""
    return f"Client: {whose}{wanted}{_note(step)}"


def _repetition(step: Step) -> str:
    window = f"{_number(step.threshold)} min"
    if step.passed:
        return f"Repetition: nothing alike in the last {window}"
    age = step.inputs.get("age_minutes")
    when = f"was told {_number(age)} min ago" if age else "has just been told or is about to be"
    return f"Repetition: something alike {when}; repeats are silent for {window}"


def _cap(step: Step) -> str:
    if step.threshold is None:
        return "Daily limit: none"
    told = f"{step.inputs.get('sent_today')} of {step.threshold} told {_day(step)}"
    return f"Daily limit: {told}{_note(step)}{_held(step)}"


def _day(step: Step) -> str:
    """Today, or a day to come for which something was put off."""
    return f"or promised for {step.inputs['day']}" if "day" in step.inputs else "today"


def _budget(step: Step) -> str:
    inputs = step.inputs
    if "budget" not in inputs:
        return "Interruption budget: none"
    used = f"Interruption budget: {inputs['sent_today']} of {inputs['budget']} told {_day(step)}"
    if step.threshold is None:
        return f"{used}{_note(step)}{_held(step)}"
    by_now = f"an even pace is {_number(inputs['paced'])} by now"
    if not step.threshold:
        return f"{used}, {by_now}"
    worth = f"worth {_number(inputs['worth'])}, {_number(step.threshold)} needed"
    return f"{used}, {by_now}; {worth}{_note(step)}{_held(step)}"


def _snooze(step: Step) -> str:
    if step.threshold is None:
        return "Snooze: none"
    until = _clock(step.threshold, step)
    return f"Snooze: snoozed until {until}{_note(step)}{_held(step)}"


def _quiet_hours(step: Step) -> str:
    if step.threshold is None:
        return "Quiet hours: none set"
    at = _clock(step.inputs["at"], step)
    inside = "outside" if step.passed and not step.note else "inside"
    walls = f"{step.threshold} ({step.inputs.get('zone')})"
    dropped = "" if step.passed or "until" in step.inputs else "; dropped"
    return f"Quiet hours: {at} is {inside} {walls}{_note(step)}{_held(step)}{dropped}"


def _interval(step: Step) -> str:
    if "elapsed_minutes" not in step.inputs:
        return "Pause: no earlier interruption"
    elapsed = f"{_number(step.inputs['elapsed_minutes'])} min since the last interruption"
    return f"Pause: {elapsed}, {_number(step.threshold)} min wanted{_note(step)}{_held(step)}"


def _frequency(step: Step) -> str:
    told = "; told at once" if step.passed else _held(step)
    return f"Frequency: {step.inputs.get('frequency')}{_note(step)}{told}"


def _channel_quiet_hours(step: Step) -> str:
    at, walls = _clock(step.inputs["at"], step), f"{step.threshold} ({step.inputs.get('zone')})"
    inside = f"{at} is inside its quiet hours {walls}"
    return f"Channel {step.inputs.get('channel')}: {inside}{_note(step)}{_put_off(step)}"


def _channel_cap(step: Step) -> str:
    told = f"{step.inputs.get('told')} of {step.threshold} told through it today"
    return f"Channel {step.inputs.get('channel')}: {told}{_note(step)}{_put_off(step)}"


def _seen_elsewhere(step: Step) -> str:
    here = f"you were at your inbox {_number(step.inputs.get('away_minutes'))} min ago"
    unread = "" if step.passed else ", and only if it is unread then"
    return f"Channel {step.inputs.get('channel')}: {here}{_note(step)}{_put_off(step)}{unread}"


_SENTENCES: Mapping[str, Callable[[Step], str]] = {
    Reason.NO_CONSENT.value: _consent,
    Reason.DISABLED.value: _enabled,
    Reason.EXPIRED.value: _expiry,
    Reason.NO_CHANNEL.value: _channel,
    Reason.SILENCED.value: _silence,
    Reason.INHIBITED.value: _inhibition,
    Reason.CATEGORY_MUTED.value: _category,
    Reason.BELOW_MIN_URGENCY.value: _urgency,
    Reason.BELOW_RELEVANCE.value: _relevance,
    Reason.NOT_ASSIGNED.value: _assignment,
    Reason.REDUNDANT.value: _repetition,
    Reason.DAILY_CAP.value: _cap,
    Reason.BUDGET.value: _budget,
    Reason.MIN_INTERVAL.value: _interval,
    Reason.SNOOZED.value: _snooze,
    Reason.QUIET_HOURS.value: _quiet_hours,
    Reason.BATCHED.value: _frequency,
    Hold.QUIET_HOURS.value: _channel_quiet_hours,
    Hold.CAP.value: _channel_cap,
    Hold.SEEN.value: _seen_elsewhere,
}


def _result(step: Step) -> str:
    return "passed" if step.passed else "not passed"


def _reaches(step: Step) -> str:
    return "reaches" if step.margin is None or step.margin >= 0 else "is below"


def _note(step: Step) -> str:
    return _NOTES.get(step.note, f" ({step.note})")


def _held(step: Step) -> str:
    return f"; held until {_until(step)}" if "until" in step.inputs else ""


def _until(step: Step) -> str:
    return _clock(step.inputs["until"], step)


def _put_off(step: Step) -> str:
    """What becomes of a channel that is not taken with the rest."""
    if step.passed:
        return ""
    if "until" not in step.inputs:
        return "; not told through it"
    return f"; in its digest of {_until(step)}" if step.inputs.get("digest") else _held(step)


def _number(value: Plain) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _clock(moment: Plain, step: Step) -> str:
    """The wall time, with its date when it is a day or more away from the moment of deciding."""
    then = datetime.fromisoformat(str(moment))
    at = datetime.fromisoformat(str(step.inputs.get("at", moment)))
    return f"{then:%H:%M}" if abs(then - at) < _DAY else f"{then:%Y-%m-%d %H:%M}"
