"""From one decision to another outcome: the changes it takes, tried out with `decide` itself."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.flips import MINUTES_LATER, Change, flips
from apps.notifications.engines.noise_filter import STEPS, decide
from apps.notifications.types import Decision, FilterContext, Frequency

Question: TypeAlias = tuple[Verdict, FilterContext, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """These changes together, in this order, lead to that decision."""

    changes: tuple[Change, ...]
    decision: Decision


def applied(change: Change, question: Question) -> Question:
    """The same question with that one change."""
    verdict, context, now = question
    if change.setting == MINUTES_LATER:
        return verdict, context, now + timedelta(minutes=float(str(change.value)))
    if change.setting == "silence":
        return verdict, replace(context, silence=None), now
    if change.setting == "inhibition":
        return verdict, replace(context, inhibition=None), now
    if change.setting == "snoozed_until":
        return verdict, replace(context, snoozed_until=None), now
    if change.setting == "seen_at" and context.ringing is not None:
        return verdict, replace(context, ringing=replace(context.ringing, seen_at=None)), now
    values = _preference(change, context)
    return verdict, replace(context, preference=replace(context.preference, **values)), now


def way_out(question: Question) -> WayOut | None:
    """The first changes, one after another, that lead to another outcome; None without any."""
    outcome = decide(*question).outcome
    changes: list[Change] = []
    for _ in STEPS:
        decision = decide(*question)
        if decision.outcome is not outcome:
            return WayOut(changes=tuple(changes), decision=decision)
        found = flips(decision)
        if not found:
            return None
        changes.append(found[0])
        question = applied(found[0], question)
    return None


def _preference(change: Change, context: FilterContext) -> dict[str, Any]:
    value, preference = change.value, context.preference
    channel, _, member = change.setting.rpartition(".")
    if channel:
        one: dict[str, Any] = {member: value}
        rule = replace(preference.channel_rules[channel], **one)
        return {"channel_rules": {**preference.channel_rules, channel: rule}}
    match change.setting:
        case "category_wanted":
            return {"categories": (*(preference.categories or ()), value)}
        case "category_muted":
            chosen = Category.values if preference.categories is None else preference.categories
            return {"categories": tuple(word for word in chosen if word != value)}
        case "channel":
            barred = tuple(one for one in preference.barred if one.name != value)
            return {"channels": (*preference.channels, value), "barred": barred}
        case "min_urgency":
            return {"min_urgency": Urgency(str(value))}
        case "frequency":
            return {"frequency": Frequency(str(value))}
        case "quiet_end":
            return {"quiet_end": time.fromisoformat(str(value))}
    return {change.setting: value}
