"""When one channel is not to ring: in its own quiet hours, and in the person's."""

from datetime import datetime, timedelta

from apps.core import timing
from apps.notifications.engines.quiet import EVERY_DAY, Window, awake_at
from apps.notifications.types import ChannelRule, PreferenceValues, QuietRange

# Both kinds of quiet hours repeat every week: who has no gap in that time has none.
_HORIZON = timedelta(days=8)


def channel_window(rule: ChannelRule, moment: datetime) -> Window | None:
    """The channel's own quiet hours around `moment`, or None."""
    start, end = rule.quiet_start, rule.quiet_end
    if start is None or end is None:
        return None
    bounds = timing.quiet_window(moment, start, end, timing.zone(rule.time_zone))
    if bounds is None:
        return None
    ranges = (QuietRange(days=EVERY_DAY, start=start, end=end),)
    return Window(begins=bounds[0], ends=bounds[1], ranges=ranges)


def awake_on(preference: PreferenceValues, channel: str, moment: datetime) -> datetime:
    """`moment`, or the first time after it outside both; of who has no such time, a week on."""
    moment = awake_at(preference, moment)
    rule = preference.channel_rules.get(channel)
    if rule is None:
        return moment
    latest = moment + _HORIZON
    while moment <= latest and (window := channel_window(rule, moment)):
        moment = awake_at(preference, window.ends)
    return moment
