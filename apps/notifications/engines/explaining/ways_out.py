"""From one decision to another outcome: the changes it takes, tried out with the filter itself.

They are found when it is decided, as long as everything is known, and stand in the trace at the
step that settled it: by the settings that turn it, with the steps that would have settled it then.
"""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, TypeAlias

from apps.classification.types import Category, Urgency, Verdict
from apps.notifications.engines.cases import Case
from apps.notifications.engines.explaining.flips import MINUTES_LATER, Change, flips, turnable
from apps.notifications.engines.settling import STEPS, settle
from apps.notifications.engines.trace import turned
from apps.notifications.types import (
    Decision,
    FilterContext,
    Frequency,
    Outcome,
    Reason,
    Step,
    TurnedStep,
)

Question: TypeAlias = tuple[Verdict, FilterContext, datetime]


def with_way_out(question: Question, decision: Decision) -> Decision:
    """The same decision, not told now, with its ways out: the single changes that lead to another
    outcome, otherwise the first chain of several that does, otherwise none.
    """
    settling = turnable(decision)
    first: dict[str, Change] = {}
    for change in flips(decision):
        first.setdefault(change.setting, change)
    if settling.code == Reason.BATCHED.value:
        # The last question: nothing else can stand in the way.
        return _with(decision, settling, tuple(first), ())
    chain: tuple[str, tuple[TurnedStep, ...]] | None = None
    alone = []
    for setting, change in first.items():
        then = _then(applied(change, question), decision.outcome)
        if then == ():
            alone.append(setting)
        elif then is not None and chain is None:
            chain = setting, then
    if alone or chain is None:
        return _with(decision, settling, tuple(alone), ())
    return _with(decision, settling, (chain[0],), chain[1])


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


def _then(question: Question, outcome: Outcome) -> tuple[TurnedStep, ...] | None:
    """The steps that must be turned as well, one after another; None where that leads nowhere."""
    then: list[TurnedStep] = []
    for _ in STEPS:
        decision = settle(Case.of(*question))
        if decision.outcome is not outcome:
            return tuple(then)
        found = flips(decision)
        if not found:
            return None
        then.append(turned(turnable(decision), (found[0].setting,)))
        question = applied(found[0], question)
    return None


def _with(
    decision: Decision, settling: Step, turns: tuple[str, ...], then: tuple[TurnedStep, ...]
) -> Decision:
    if not turns:
        return decision
    found = turned(settling, turns, then)
    steps = tuple(found if step is settling else step for step in decision.steps)
    return replace(decision, steps=steps)


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
