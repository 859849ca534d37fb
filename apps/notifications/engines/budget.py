"""The interruption budget: a few interruptions a day, kept for what is worth most.

The budget is spread evenly over the waking part of the day. Within that pace everything passes;
ahead of it something must be worth the more, the nearer the budget is to its end.
"""

from apps.notifications.engines.cases import Case, Settlement
from apps.notifications.engines.due import next_digest, next_round
from apps.notifications.engines.pacing import OVERRIDE
from apps.notifications.engines.waking import share_awake
from apps.notifications.types import Outcome, Plain, Reason, Step

MOST_A_DAY = 1_000
# What is taken for granted before anybody said anything: one click makes no category worthless.
_ASSUMED_HELPFUL, _ASSUMED_ANSWERS = 4, 5
_NO_BUDGET = Step(code=Reason.BUDGET.value, passed=True)


def helpful_rate(helpful: int, unhelpful: int) -> float:
    """How often what they were told helped somebody, by their own word: between 0 and 1."""
    return round((helpful + _ASSUMED_HELPFUL) / (helpful + unhelpful + _ASSUMED_ANSWERS), 4)


def needed(sent: int, budget: int, share: float) -> float | None:
    """The least worth that passes after `sent` of `budget`, when `share` of the day has passed.

    0 within the pace; None when the budget is used up, so that nothing does.
    """
    if sent >= budget:
        return None
    paced = budget * share
    return round((sent - paced) / (budget - paced), 4) if sent > paced else 0.0


def budget(case: Case) -> Step | Settlement:
    """What does not pass joins the next digest; what would not have interrupted, its own round.

    The threshold and the margin are in worth, 0 to 1; a budget that is used up has neither.
    """
    most = case.preference.interruption_budget
    return _NO_BUDGET if most is None else _spent(case, most)


def higher(step: Step) -> int | None:
    """The smallest budget that lets a held thing pass; None when only having none does."""
    sent = int(str(step.inputs["sent_today"]))
    return next((most for most in range(sent + 1, MOST_A_DAY + 1) if _affords(step, most)), None)


def lower(step: Step) -> int | None:
    """The largest budget that would have held what passed; None when every budget has room."""
    budgets = range(int(str(step.inputs["budget"])) - 1, 0, -1)
    return next((most for most in budgets if not _affords(step, most)), None)


def used_up(step: Step) -> int | None:
    """The largest budget that was used up by then, where there is none and nobody knows the pace;
    None on a day on which nothing was told before.
    """
    return min(int(str(step.inputs.get("sent_today", 0))), MOST_A_DAY) or None


def _spent(case: Case, most: int) -> Step | Settlement:
    sent, share, worth = case.context.sent_today, share_awake(case), _worth(case)
    least = needed(sent, most, share)
    afforded = least is not None and worth >= least
    free = case.verdict.awaited
    later = next_digest if case.interrupts else next_round
    due_at = None if afforded or free else later(case)
    held: dict[str, Plain] = {}
    if due_at is not None:
        held = {"at": case.local(case.now), "until": case.local(due_at)}
    step = Step(
        code=Reason.BUDGET.value,
        passed=due_at is None,
        inputs={
            "sent_today": sent,
            "budget": most,
            "paced": round(most * share, 2),
            "share": share,
            "helpful_rate": _rate(case),
            "worth": worth,
            **held,
        },
        threshold=least,
        margin=None if least is None else round(worth - least, 4),
        note=OVERRIDE if free and not afforded else "",
    )
    if due_at is None:
        return step
    return Settlement(step=step, outcome=Outcome.DIGEST, due_at=due_at)


def _worth(case: Case) -> float:
    return round(case.verdict.priority / 10 * case.verdict.confidence * _rate(case), 4)


def _rate(case: Case) -> float:
    rate = case.context.helpful_rate
    return helpful_rate(0, 0) if rate is None else min(max(rate, 0.0), 1.0)


def _affords(step: Step, most: int) -> bool:
    """Of a day to come only whether something is left counts."""
    sent = int(str(step.inputs["sent_today"]))
    if "worth" not in step.inputs:
        return sent < most
    least = needed(sent, most, float(str(step.inputs["share"])))
    return least is not None and float(str(step.inputs["worth"])) >= least
