"""A decision's trace as sentences for people: one for each step, in the order asked."""

from collections.abc import Callable, Mapping

from apps.notifications.engines.explaining.channel_steps import (
    channel_cap,
    channel_quiet_hours,
    seen_elsewhere,
    usable_channels,
)
from apps.notifications.engines.explaining.phrases import clock, held, note, number, reaches
from apps.notifications.types import Decision, Hold, Reason, Step


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
    worth = f"worth telling until {clock(step.threshold, step)}"
    if step.passed:
        return f"Expiry: {worth}"
    if "until" not in step.inputs:
        return f"Expiry: was {worth}"
    return f"Expiry: {worth}, but told at {clock(step.inputs['until'], step)} at the earliest"


def _silence(step: Step) -> str:
    if step.threshold is None:
        return "Silence: none matches"
    return f"Silence: silenced until {clock(step.threshold, step)}"


def _inhibition(step: Step) -> str:
    if step.threshold is None:
        return "Inhibition: none holds"
    told_at = clock(step.inputs["told_at"], step)
    return f"Inhibition: muted until {clock(step.threshold, step)} by what was told at {told_at}"


def _category(step: Step) -> str:
    word = str(step.inputs.get("category")).replace("_", " ")
    if step.passed and not step.note:
        return f"Category: {word} is wanted"
    return f"Category: {word} is muted{note(step)}"


def _urgency(step: Step) -> str:
    inputs = step.inputs
    found = f"Urgency: {inputs.get('urgency')} (priority {inputs.get('priority')})"
    wanted = f"the wanted {inputs.get('min_urgency')} (from {step.threshold})"
    return f"{found} {reaches(step)} {wanted}{note(step)}"


def _relevance(step: Step) -> str:
    found = number(step.inputs.get("relevance"))
    return f"Relevance: {found} {reaches(step)} {number(step.threshold)}{note(step)}"


def _assignment(step: Step) -> str:
    assigned = step.inputs.get("assigned")
    if assigned is None:
        return "Client: about none" if step.inputs.get("only") else "Client: all are wanted"
    whose = "looked after by you" if assigned else "not looked after by you"
    wanted = "; only those are wanted" if step.inputs.get("only") and not assigned else ""
    return f"Client: {whose}{wanted}{note(step)}"


def _repetition(step: Step) -> str:
    window = f"{number(step.threshold)} min"
    if step.inputs.get("changed_since"):
        return "Repetition: it has changed since you were told last"
    if step.passed:
        return f"Repetition: nothing alike in the last {window}"
    age = step.inputs.get("age_minutes")
    when = f"was told {number(age)} min ago" if age else "has just been told or is about to be"
    return f"Repetition: something alike {when}; repeats are silent for {window}"


def _cap(step: Step) -> str:
    if step.threshold is None:
        return "Daily limit: none"
    told = f"{step.inputs.get('sent_today')} of {step.threshold} told {_day(step)}"
    return f"Daily limit: {told}{note(step)}{held(step)}"


def _day(step: Step) -> str:
    """Today, or a day to come for which something was put off."""
    return f"or promised for {step.inputs['day']}" if "day" in step.inputs else "today"


def _budget(step: Step) -> str:
    inputs = step.inputs
    if "budget" not in inputs:
        return "Interruption budget: none"
    used = f"Interruption budget: {inputs['sent_today']} of {inputs['budget']} told {_day(step)}"
    if step.threshold is None:
        return f"{used}{note(step)}{held(step)}"
    by_now = f"an even pace is {number(inputs['paced'])} by now"
    if not step.threshold:
        return f"{used}, {by_now}"
    worth = f"worth {number(inputs['worth'])}, {number(step.threshold)} needed"
    return f"{used}, {by_now}; {worth}{note(step)}{held(step)}"


def _snooze(step: Step) -> str:
    if step.threshold is None:
        return "Snooze: none"
    until = clock(step.threshold, step)
    return f"Snooze: snoozed until {until}{note(step)}{held(step)}"


def _quiet_hours(step: Step) -> str:
    if step.threshold is None:
        return "Quiet hours: none set"
    at = clock(step.inputs["at"], step)
    inside = "outside" if step.passed and not step.note else "inside"
    walls = f"{step.threshold} ({step.inputs.get('zone')})"
    dropped = "" if step.passed or "until" in step.inputs else "; dropped"
    return f"Quiet hours: {at} is {inside} {walls}{note(step)}{held(step)}{dropped}"


def _interval(step: Step) -> str:
    if "elapsed_minutes" not in step.inputs:
        return "Pause: no earlier interruption"
    elapsed = f"{number(step.inputs['elapsed_minutes'])} min since the last interruption"
    return f"Pause: {elapsed}, {number(step.threshold)} min wanted{note(step)}{held(step)}"


def _frequency(step: Step) -> str:
    told = "; told at once" if step.passed else held(step)
    return f"Frequency: {step.inputs.get('frequency')}{note(step)}{told}"


_SENTENCES: Mapping[str, Callable[[Step], str]] = {
    Reason.NO_CONSENT.value: _consent,
    Reason.DISABLED.value: _enabled,
    Reason.EXPIRED.value: _expiry,
    Reason.NO_CHANNEL.value: usable_channels,
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
    Hold.QUIET_HOURS.value: channel_quiet_hours,
    Hold.CAP.value: channel_cap,
    Hold.SEEN.value: seen_elsewhere,
}


def _result(step: Step) -> str:
    return "passed" if step.passed else "not passed"
