"""The first steps: does this person want to hear of such a thing at all?

A VIP's word passes category, urgency and relevance; the margin still says by how much it would
have missed.
"""

from apps.notifications.engines.cases import Case, Settlement, minutes
from apps.notifications.types import Outcome, Reason, Step

VIP_OVERRIDE = "vip override"


def enabled(case: Case) -> Step | Settlement:
    wanted = case.preference.enabled
    step = Step(code=Reason.DISABLED.value, passed=wanted, inputs={"enabled": wanted})
    return step if wanted else _dropped(step)


def unexpired(case: Case) -> Step | Settlement:
    """Passed while there is still time to be told; the margin is in minutes."""
    expires_at = case.verdict.expires_at
    if expires_at is None:
        return Step(code=Reason.EXPIRED.value, passed=True)
    passed = expires_at > case.now
    step = Step(
        code=Reason.EXPIRED.value,
        passed=passed,
        inputs={"at": case.local(case.now)},
        threshold=case.local(expires_at),
        margin=minutes(expires_at - case.now),
    )
    return step if passed else _dropped(step)


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
    return step if step.passed else _dropped(step)


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
    return step if step.passed else _dropped(step)


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
    return step if step.passed else _dropped(step)


def _override(case: Case, wanted: bool) -> str:
    return VIP_OVERRIDE if case.verdict.vip and not wanted else ""


def _dropped(step: Step) -> Settlement:
    return Settlement(step=step, outcome=Outcome.DROP)
