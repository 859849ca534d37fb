"""When somebody is not to be disturbed: the quiet hours of every day, of some days, a snooze."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apps.core import timing
from apps.notifications.engines.cases import Case
from apps.notifications.types import PreferenceValues, QuietRange

_EVERY_DAY = tuple(range(7))
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_INSTANT = timedelta(microseconds=1)
# Quiet hours repeat every week: who has no gap in that time has none.
_HORIZON = timedelta(days=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Quiet from `begins` to before `ends`; `walls` name the hours it comes of."""

    begins: datetime
    ends: datetime
    walls: str


def quiet_ranges(preference: PreferenceValues) -> Iterator[tuple[QuietRange, str]]:
    """Those of every day ("22:00–07:00"), then the further ones ("Sat/Sun 13:00–14:00")."""
    start, end = preference.quiet_start, preference.quiet_end
    if preference.quiet_hours_enabled and start is not None and end is not None and start != end:
        daily = QuietRange(days=_EVERY_DAY, start=start, end=end)
        yield daily, _walls(daily)
    for span in preference.quiet_ranges:
        yield span, f"{'/'.join(_WEEKDAYS[day] for day in span.days)} {_walls(span)}"


def quiet_window(case: Case, moment: datetime) -> Window | None:
    """The recipient's quiet hours around `moment`, or None."""
    return window_at(case.preference, moment)


def window_at(preference: PreferenceValues, moment: datetime) -> Window | None:
    """These quiet hours around `moment`, or None.

    Where several meet, to the end of those that end last; `walls` name them all.
    """
    zone = timing.zone(preference.time_zone)
    windows = [
        Window(begins=bounds[0], ends=bounds[1], walls=walls)
        for span, walls in quiet_ranges(preference)
        if (bounds := timing.quiet_window(moment, span.start, span.end, zone, span.days))
    ]
    if not windows:
        return None
    last = max(windows, key=lambda window: window.ends)
    return replace(last, walls=", ".join(window.walls for window in windows))


def next_quiet(case: Case) -> tuple[datetime, str] | None:
    """When quiet hours begin next, and their walls; None for somebody who has none."""
    return min(
        (
            (timing.next_wall(case.now, span.start, case.zone, weekday=day), walls)
            for span, walls in quiet_ranges(case.preference)
            for day in ((None,) if span.days == _EVERY_DAY else span.days)
        ),
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


def _walls(span: QuietRange) -> str:
    return f"{span.start:%H:%M}–{span.end:%H:%M}"
