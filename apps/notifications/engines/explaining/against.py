"""Of what was told now: the smallest changes that would have held or dropped it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import ROUND_CEILING
from math import inf, nextafter
from typing import TypeAlias

from apps.classification.types import Urgency
from apps.notifications.engines import budget
from apps.notifications.engines.explaining.flips import Change, hundredth
from apps.notifications.types import Decision, Frequency, Plain, Reason, Step


def against(decision: Decision) -> tuple[Change, ...]:
    """Each by itself turns it; the plainest first. A VIP's word passes what asks whether it is
    wanted, a one-time code passes cap and budget, and what is prompt passes the frequency.

    Where an older trace does not say which of these it was, the switch alone is named.
    """
    return tuple(
        change
        for step in _with_the_day(decision)
        if step.code in _AGAINST and not _passes_anyway(decision, step.code)
        for change in _AGAINST[step.code](step)
    )


def _with_the_day(decision: Decision) -> Iterator[Step]:
    """Where nobody set a budget its step says nothing of the day, but that of the cap does."""
    day: dict[str, Plain] = {}
    for step in decision.steps:
        if step.code == Reason.DAILY_CAP.value:
            day = {"sent_today": step.inputs["sent_today"]}
        unset = step.code == Reason.BUDGET.value and not step.inputs
        yield replace(step, inputs=day) if unset else step


def _passes_anyway(decision: Decision, code: str) -> bool:
    if decision.reason is Reason.PASSED or code == Reason.DISABLED.value:
        return False
    by = {
        name: bool(step.inputs.get(name, True))
        for step in decision.steps
        if step.code == Reason.BATCHED.value
        for name in ("vip", "released")
    }
    if code in _WANTED:
        return by.get("vip", True)
    return code == Reason.BATCHED.value or by.get("released", True)


def _switched_off(step: Step) -> Iterator[Change]:
    yield Change(setting="enabled", value=False, words="with notifications switched off")


def _muted(step: Step) -> Iterator[Change]:
    word = step.inputs["category"]
    yield Change(setting="category_muted", value=word, words=f"with the category {word} muted")


def _more_urgent(step: Step) -> Iterator[Change]:
    found, least = Urgency(str(step.inputs["urgency"])), step.inputs["min_urgency"]
    for higher in Urgency:
        if higher.floor > found.floor:
            words = f"with the minimum urgency {higher.value} instead of {least}"
            yield Change(setting="min_urgency", value=higher.value, words=words)
            return


def _more_relevant(step: Step) -> Iterator[Change]:
    found = float(str(step.inputs["relevance"]))
    above = hundredth(found, ROUND_CEILING)
    if above < 1.0:
        words = f"with a relevance threshold above {above:g}"
        yield Change(setting="relevance_threshold", value=nextafter(above, inf), words=words)
    elif found < 1.0:
        words = "with a relevance threshold of 1"
        yield Change(setting="relevance_threshold", value=1.0, words=words)


def _assigned_only(step: Step) -> Iterator[Change]:
    if step.inputs.get("assigned") is False:
        words = "with assigned clients only"
        yield Change(setting="assigned_clients_only", value=True, words=words)


def _lower_cap(step: Step) -> Iterator[Change]:
    most = step.inputs["sent_today"]
    yield Change(setting="max_per_day", value=most, words=f"with a daily limit of {most}")


def _lower_budget(step: Step) -> Iterator[Change]:
    most = budget.lower(step) if "worth" in step.inputs else budget.used_up(step)
    if most is not None:
        words = f"with an interruption budget of {most}"
        yield Change(setting="interruption_budget", value=most, words=words)


def _batched(step: Step) -> Iterator[Change]:
    words = f"with the frequency batch instead of {step.inputs['frequency']}"
    yield Change(setting="frequency", value=Frequency.BATCH.value, words=words)


_WANTED = frozenset(
    (
        Reason.CATEGORY_MUTED.value,
        Reason.BELOW_MIN_URGENCY.value,
        Reason.BELOW_RELEVANCE.value,
        Reason.NOT_ASSIGNED.value,
    )
)
_Changes: TypeAlias = Callable[[Step], Iterator[Change]]
_AGAINST: Mapping[str, _Changes] = {
    Reason.DISABLED.value: _switched_off,
    Reason.CATEGORY_MUTED.value: _muted,
    Reason.BELOW_MIN_URGENCY.value: _more_urgent,
    Reason.BELOW_RELEVANCE.value: _more_relevant,
    Reason.NOT_ASSIGNED.value: _assigned_only,
    Reason.DAILY_CAP.value: _lower_cap,
    Reason.BUDGET.value: _lower_budget,
    Reason.BATCHED.value: _batched,
}
