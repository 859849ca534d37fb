"""When somebody is not to be disturbed: the quiet hours of every day, of some days, a snooze."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from apps.core import timing
from apps.notifications.engines.cases import Case
from apps.notifications.types import PreferenceValues, QuietRange

# The daily quiet hours are known by this very tuple: a further range may name every day as well.
EVERY_DAY = tuple(range(7))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_INSTANT = timedelta(microseconds=1)
# Quiet hours repeat every week: who has no gap in that time has none.
_HORIZON = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Quiet from `begins` to before `ends`, by these `ranges`."""

    begins: datetime
    ends: datetime
    ranges: tuple[QuietRange, ...]

    @property
    def walls(self) -> str:
        return ", ".join(map(walls, self.ranges))


def quiet_ranges(preference: PreferenceValues) -> list[QuietRange]:
    """Those of every day, then the further ones."""
    start, end = preference.quiet_start, preference.quiet_end
    if preference.quiet_hours_enabled and start is not None and end is not None and start != end:
        return [QuietRange(days=EVERY_DAY, start=start, end=end), *preference.quiet_ranges]
    return list(preference.quiet_ranges)


def quiet_window(case: Case, moment: datetime) -> Window | None:
    """The recipient's quiet hours around `moment`, or None."""
    return window_at(case.preference, moment)


def window_at(preference: PreferenceValues, moment: datetime) -> Window | None:
    """These quiet hours around `moment`, or None.

    Where several meet, to the end of those that end last; `ranges` are all of them.
    """
    zone = timing.zone(preference.time_zone)
    found = [
        (bounds, span)
        for span in quiet_ranges(preference)
        if (bounds := timing.quiet_window(moment, span.start, span.end, zone, span.days))
    ]
    if not found:
        return None
    begins, ends = max((bounds for bounds, _ in found), key=itemgetter(1))
    return Window(begins=begins, ends=ends, ranges=tuple(span for _, span in found))


def next_quiet(case: Case) -> tuple[datetime, QuietRange] | None:
    """When which quiet hours begin next; None for somebody who has none."""
    return min(
        (
            (timing.next_wall(case.now, span.start, case.zone, weekday=day), span)
            for span in quiet_ranges(case.preference)
            for day in ((None,) if span.days is EVERY_DAY else span.days)
        ),
        key=itemgetter(0),
        default=None,
    )


def quiet_since(case: Case) -> datetime | None:
    """When the quiet hours around now began; hours that meet are one. None outside."""
    if quiet_window(case, case.now) is None:
        return None
    since, earliest = case.now, case.now - _HORIZON
    while since > earliest and (window := quiet_window(case, since - _INSTANT)):
        since = window.begins
    return since


def awake_from(case: Case, moment: datetime) -> datetime:
    """The first time from `moment` on that lies in no quiet hours and after the snooze.

    For somebody who is never awake it is not before the case expires.
    """
    snoozed_until = case.context.snoozed_until
    if snoozed_until is not None and moment < snoozed_until:
        moment = snoozed_until
    latest = moment + _HORIZON
    while window := quiet_window(case, moment):
        moment = window.ends
        if moment > latest:
            return max(moment, case.expires_at)
    return moment


def awake_at(preference: PreferenceValues, moment: datetime) -> datetime:
    """`moment`, or the end of the quiet hours it falls into; of who is never awake, a week on."""
    latest = moment + _HORIZON
    while moment <= latest and (window := window_at(preference, moment)):
        moment = window.ends
    return moment


def walls(span: QuietRange) -> str:
    """ "22:00–07:00" for those of every day, "Sat/Sun 13:00–14:00" for the further ones."""
    hours = f"{span.start:%H:%M}–{span.end:%H:%M}"
    if span.days is EVERY_DAY:
        return hours
    return f"{'/'.join(_WEEKDAYS[day] for day in span.days)} {hours}"
