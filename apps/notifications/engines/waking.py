"""How much of somebody's day has passed, of the part of it they are awake in."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from apps.core import timing
from apps.notifications.engines.cases import Case
from apps.notifications.engines.quiet import next_quiet, quiet_window

# Of a day in which nobody said when they sleep.
_SLEEPS_FROM, _SLEEPS_UNTIL = time(23), time(7)


def share_awake(case: Case) -> float:
    """What has passed of the waking part of the recipient's local day: 0 to 1, four digits.

    Waking is what lies in no quiet hours, to the moment and over every change of the clocks. A day
    that no quiet hours touch is awake from 07:00 to 23:00; one without a waking part is over.
    """
    _, begins, ends = timing.local_day(case.now, case.zone)
    passed, left = _halves(case, begins, ends)
    if passed + left == ends - begins:
        passed, left = _halves(_sleeping_at_night(case), begins, ends)
    return round(passed / (passed + left), 4) if passed + left else 1.0


def _halves(case: Case, begins: datetime, ends: datetime) -> tuple[timedelta, timedelta]:
    """How long they are awake before now, and from now on."""
    return _awake(case, begins, case.now), _awake(case, case.now, ends)


def _awake(case: Case, moment: datetime, until: datetime) -> timedelta:
    awake = timedelta(0)
    while moment < until:
        window = quiet_window(case, moment)
        if window is None:
            following = next_quiet(replace(case, now=moment))
            falls_asleep = until if following is None else min(following[0], until)
            awake += falls_asleep - moment
            moment = falls_asleep
        else:
            moment = window.ends
    return awake


def _sleeping_at_night(case: Case) -> Case:
    preference = replace(
        case.preference,
        quiet_hours_enabled=True,
        quiet_start=_SLEEPS_FROM,
        quiet_end=_SLEEPS_UNTIL,
    )
    return replace(case, preference=preference)
