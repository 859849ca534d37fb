"""The questions in their order, and what becomes of a case by the first that settles it."""

from collections.abc import Sequence
from datetime import datetime

from apps.notifications.engines.allowed import channel, consent, enabled, silenced, unexpired
from apps.notifications.engines.budget import budget
from apps.notifications.engines.cases import Case, Settlement, StepFunction, minutes
from apps.notifications.engines.inhibiting import inhibited
from apps.notifications.engines.pacing import (
    daily_cap,
    frequency,
    minimum_interval,
    quiet_hours,
    snoozed,
    way_to_be_told,
)
from apps.notifications.engines.promises import full_day
from apps.notifications.engines.quiet import quiet_window
from apps.notifications.engines.redundancy import redundancy
from apps.notifications.engines.wanted import (
    assigned_clients,
    category,
    minimum_urgency,
    relevance,
)
from apps.notifications.types import Decision, Outcome, Reason, Step

# Asked in this order; the first to answer with a Settlement has the last word.
STEPS: tuple[StepFunction, ...] = (
    consent,
    enabled,
    unexpired,
    channel,
    silenced,
    inhibited,
    category,
    minimum_urgency,
    relevance,
    assigned_clients,
    redundancy,
    daily_cap,
    budget,
    minimum_interval,
    snoozed,
    quiet_hours,
    frequency,
)


def settle(case: Case) -> Decision:
    """What `noise_filter.decide` says, without its way out and without the steps of channels."""
    trace: list[Step] = []
    for ask in STEPS:
        answer = ask(case)
        if isinstance(answer, Settlement):
            return _settled(case, answer, trace)
        trace.append(answer)
    return Decision(
        outcome=Outcome.NOTIFY_NOW,
        reason=way_to_be_told(case),
        steps=tuple(trace),
        due_at=case.now,
        expires_at=case.expires_at,
    )


def _settled(case: Case, settlement: Settlement, trace: Sequence[Step]) -> Decision:
    steps = (*trace, settlement.step)
    due_at = settlement.due_at
    if due_at is None:
        return _dropped(steps)
    digested = settlement.outcome is Outcome.DIGEST
    expires_at = case.expires_after(due_at) if digested else case.expires_at
    if due_at >= expires_at or _never_awake(case, due_at):
        return _dropped((*steps, _too_late(case, due_at, expires_at)))
    if settlement.outcome is Outcome.DEFER and (full := full_day(case, due_at)):
        return _settled(case, full, steps)
    return Decision(
        outcome=settlement.outcome,
        reason=Reason(settlement.step.code),
        steps=steps,
        due_at=due_at,
        expires_at=expires_at,
    )


def _never_awake(case: Case, due_at: datetime) -> bool:
    """Quiet hours without an end: whoever has them is told nothing later either."""
    return not case.verdict.overrides_quiet_hours and quiet_window(case, due_at) is not None


def _dropped(steps: tuple[Step, ...]) -> Decision:
    return Decision(
        outcome=Outcome.DROP,
        reason=Reason(steps[-1].code),
        steps=steps,
        due_at=None,
        expires_at=None,
    )


def _too_late(case: Case, due_at: datetime, expires_at: datetime) -> Step:
    return Step(
        code=Reason.EXPIRED.value,
        passed=False,
        inputs={"at": case.local(case.now), "until": case.local(due_at)},
        threshold=case.local(expires_at),
        margin=minutes(expires_at - due_at),
    )
