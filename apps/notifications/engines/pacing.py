"""The later steps: it is wanted, but may this person be interrupted now?

What `overrides_quiet_hours` releases passes a snooze, quiet hours and the interval, and a one-time
code the cap as well; an urgent thing passes the interval; all of them, and a VIP's word, pass the
frequency.
"""

from datetime import datetime, timedelta

from apps.notifications.engines.cases import Case, Settlement, minutes
from apps.notifications.engines.due import next_digest, next_round
from apps.notifications.engines.quiet import Window, awake_from, next_quiet, quiet_window, walls
from apps.notifications.types import Outcome, Plain, QuietHoursPolicy, Reason, Step

OVERRIDE = "override"
_NOT_SNOOZED = Step(code=Reason.SNOOZED.value, passed=True)
_NEVER_QUIET = Step(code=Reason.QUIET_HOURS.value, passed=True)


def daily_cap(case: Case) -> Step | Settlement:
    """Overflow joins the next digest; the margin counts what may still follow this one today."""
    most, sent = case.preference.max_per_day, case.context.sent_today
    if most is None:
        return Step(code=Reason.DAILY_CAP.value, passed=True, inputs={"sent_today": sent})
    room = sent < most
    free = case.verdict.awaited
    due_at = None if room or free else next_digest(case)
    step = Step(
        code=Reason.DAILY_CAP.value,
        passed=room or free,
        inputs={"sent_today": sent, **_until(case, due_at)},
        threshold=most,
        margin=float(most - sent - 1),
        note=OVERRIDE if free and not room else "",
    )
    return step if due_at is None else _digested(step, due_at)


def minimum_interval(case: Case) -> Step | Settlement:
    """Passed when the last interruption is far enough away; the margin is in minutes."""
    least = timedelta(seconds=case.context.min_interval_seconds)
    last = case.context.last_interruption_at
    if last is None:
        return Step(code=Reason.MIN_INTERVAL.value, passed=True, threshold=minutes(least))
    elapsed = case.now - last
    rested = elapsed >= least
    due_at = None if rested or case.urgent else next_round(case)
    step = Step(
        code=Reason.MIN_INTERVAL.value,
        passed=rested or case.urgent,
        inputs={"elapsed_minutes": minutes(elapsed), **_until(case, due_at)},
        threshold=minutes(least),
        margin=minutes(elapsed - least),
        note=Reason.URGENT.value if case.urgent and not rested else "",
    )
    return step if due_at is None else _digested(step, due_at)


def snoozed(case: Case) -> Step | Settlement:
    """The margin is in minutes, until the snooze ends: then what it holds is told.

    A snooze is asked here and not with the silences, because what it holds is told later and must
    be wanted first. What a rule calls critical passes it as it passes quiet hours.
    """
    until = case.context.snoozed_until
    if until is None or until <= case.now:
        return _NOT_SNOOZED
    if case.verdict.overrides_quiet_hours:
        return _snoozed(case, until, None)
    outcome, due_at = _once_awake(case, awake_from(case, until))
    return Settlement(step=_snoozed(case, until, due_at), outcome=outcome, due_at=due_at)


def quiet_hours(case: Case) -> Step | Settlement:
    """The margin is in minutes: until quiet hours begin, or (negative) until they end.

    Quiet hours hold interruptions; what would not have interrupted joins its batch or digest.
    """
    window = quiet_window(case, case.now)
    if window is None:
        return _awake(case)
    ends = awake_from(case, window.ends)
    if case.verdict.overrides_quiet_hours:
        return _quiet(case, window, ends, None)
    outcome, due_at = _after_quiet_hours(case, ends)
    step = _quiet(case, window, ends, due_at)
    return Settlement(step=step, outcome=outcome, due_at=due_at)


def frequency(case: Case) -> Step | Settlement:
    due_at = None if case.interrupts else next_round(case)
    step = Step(
        code=Reason.BATCHED.value,
        passed=case.interrupts,
        inputs={
            "frequency": case.preference.frequency.value,
            "urgency": case.verdict.urgency.value,
            **(_prompted_by(case) if case.prompt else _until(case, due_at)),
        },
        note=way_to_be_told(case).value if case.prompt else "",
    )
    return step if due_at is None else _digested(step, due_at)


def _prompted_by(case: Case) -> dict[str, Plain]:
    """What let it pass here, and cap and budget: what would hold it depends on that."""
    verdict = case.verdict
    return {"vip": verdict.vip, "released": verdict.awaited}


def way_to_be_told(case: Case) -> Reason:
    """Why this is told now, once every step has let it pass."""
    if case.urgent:
        return Reason.URGENT
    return Reason.VIP if case.verdict.vip else Reason.PASSED


def _after_quiet_hours(case: Case, ends: datetime) -> tuple[Outcome, datetime | None]:
    policy = case.preference.quiet_policy
    if policy == QuietHoursPolicy.DROP:
        return Outcome.DROP, None
    if policy == QuietHoursPolicy.DIGEST:
        return Outcome.DIGEST, next_digest(case)
    return _once_awake(case, ends)


def _once_awake(case: Case, at: datetime) -> tuple[Outcome, datetime]:
    return (Outcome.DEFER, at) if case.interrupts else (Outcome.DIGEST, next_round(case))


def _snoozed(case: Case, until: datetime, due_at: datetime | None) -> Step:
    return Step(
        code=Reason.SNOOZED.value,
        passed=due_at is None,
        inputs={"at": case.local(case.now), **_until(case, due_at)},
        threshold=case.local(until),
        margin=minutes(case.now - until),
        note=OVERRIDE if due_at is None else "",
    )


def _awake(case: Case) -> Step:
    following = next_quiet(case)
    if following is None:
        return _NEVER_QUIET
    begins, span = following
    return Step(
        code=Reason.QUIET_HOURS.value,
        passed=True,
        inputs={"at": case.local(case.now), "zone": case.preference.time_zone},
        threshold=walls(span),
        margin=minutes(begins - case.now),
    )


def _quiet(case: Case, window: Window, ends: datetime, due_at: datetime | None) -> Step:
    released = case.verdict.overrides_quiet_hours
    return Step(
        code=Reason.QUIET_HOURS.value,
        passed=released,
        inputs={
            "at": case.local(case.now),
            "zone": case.preference.time_zone,
            "policy": case.preference.quiet_policy.value,
            **_until(case, due_at),
        },
        threshold=window.walls,
        margin=minutes(case.now - ends),
        note=OVERRIDE if released else "",
    )


def _until(case: Case, due_at: datetime | None) -> dict[str, Plain]:
    if due_at is None:
        return {}
    return {"at": case.local(case.now), "until": case.local(due_at)}


def _digested(step: Step, due_at: datetime) -> Settlement:
    return Settlement(step=step, outcome=Outcome.DIGEST, due_at=due_at)
