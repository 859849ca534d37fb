"""The next steps: does this person want to hear of such a thing at all?

A VIP's word passes all of them; the margin still says by how much it would have missed.
"""

from apps.notifications.engines.cases import Case, Settlement, dropped
from apps.notifications.types import Reason, Step

VIP_OVERRIDE = "vip override"
_ALL_CLIENTS = Step(code=Reason.NOT_ASSIGNED.value, passed=True)


def category(case: Case) -> Step | Settlement:
    word = case.verdict.category.value
    chosen = case.preference.categories
    if chosen is None:
        return Step(code=Reason.CATEGORY_MUTED.value, passed=True, inputs={"category": word})
    wanted = word in chosen
    step = Step(
        code=Reason.CATEGORY_MUTED.value,
        passed=wanted or case.verdict.vip,
        inputs={"category": word},
        threshold=list(chosen),
        note=_override(case, wanted),
    )
    return step if step.passed else dropped(step)


def minimum_urgency(case: Case) -> Step | Settlement:
    """The margin is in priority points above the least priority of the wanted urgency."""
    floor = case.preference.min_urgency.floor
    wanted = case.verdict.priority >= floor
    step = Step(
        code=Reason.BELOW_MIN_URGENCY.value,
        passed=wanted or case.verdict.vip,
        inputs={
            "priority": case.verdict.priority,
            "urgency": case.verdict.urgency.value,
            "min_urgency": case.preference.min_urgency.value,
        },
        threshold=floor,
        margin=float(case.verdict.priority - floor),
        note=_override(case, wanted),
    )
    return step if step.passed else dropped(step)


def relevance(case: Case) -> Step | Settlement:
    threshold = case.preference.relevance_threshold
    wanted = case.verdict.relevance >= threshold
    step = Step(
        code=Reason.BELOW_RELEVANCE.value,
        passed=wanted or case.verdict.vip,
        inputs={"relevance": case.verdict.relevance},
        threshold=threshold,
        margin=round(case.verdict.relevance - threshold, 6),
        note=_override(case, wanted),
    )
    return step if step.passed else dropped(step)


def assigned_clients(case: Case) -> Step | Settlement:
    """For who wants assigned clients only: of events about clients, those they look after.

    What is about no client is not about somebody else's.
    """
    assigned = case.context.assigned
    if assigned is None and not case.preference.assigned_clients_only:
        return _ALL_CLIENTS
    wanted = assigned is not False or not case.preference.assigned_clients_only
    step = Step(
        code=Reason.NOT_ASSIGNED.value,
        passed=wanted or case.verdict.vip,
        inputs={"assigned": assigned, "only": case.preference.assigned_clients_only},
        note=_override(case, wanted),
    )
    return step if step.passed else dropped(step)


def _override(case: Case, wanted: bool) -> str:
    return VIP_OVERRIDE if case.verdict.vip and not wanted else ""
