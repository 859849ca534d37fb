"""What is put off until quiet hours or a snooze end counts on the day it will be told."""

from datetime import date, datetime

from apps.notifications.engines.cases import Case, Settlement
from apps.notifications.engines.due import next_digest
from apps.notifications.types import Outcome, Plain, Reason, Step


def full_day(case: Case, due_at: datetime) -> Settlement | None:
    """The digest instead, when the local day of `due_at` has no interruption left; else None.

    Of a budget only its end counts: how the pace will be by then nobody knows.
    """
    day = due_at.astimezone(case.zone).date()
    count = _count(case, day)
    cap, budget = case.preference.max_per_day, case.preference.interruption_budget
    if cap is not None and count >= cap:
        return _digested(case, Reason.DAILY_CAP, day, {"sent_today": count}, cap)
    if budget is not None and count >= budget:
        return _digested(case, Reason.BUDGET, day, {"sent_today": count, "budget": budget})
    return None


def _count(case: Case, day: date) -> int:
    """What was told on that day, or is to be."""
    if day == case.now.astimezone(case.zone).date():
        return case.context.sent_today
    return case.context.promised.get(day, 0)


def _digested(
    case: Case, reason: Reason, day: date, inputs: dict[str, Plain], cap: int | None = None
) -> Settlement:
    due_at = next_digest(case)
    at, until = case.local(case.now), case.local(due_at)
    step = Step(
        code=reason.value,
        passed=False,
        inputs={**inputs, "day": day.isoformat(), "at": at, "until": until},
        threshold=cap,
        margin=None if cap is None else float(cap - int(str(inputs["sent_today"])) - 1),
    )
    return Settlement(step=step, outcome=Outcome.DIGEST, due_at=due_at)
