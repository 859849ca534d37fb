"""The preflight: is what was decided a while ago still wanted by the person as they are now?

Asked at the moment of delivery, of what has been neither read nor become moot:

still wanted ─► go on · not now ─► at `until` · not any more ─► never, with the reason
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.notifications.engines.channel_quiet import awake_on
from apps.notifications.engines.quiet import window_at
from apps.notifications.types import POSTPONED, Bar, Hold, PreferenceValues, Reason

# By now the channel asks for more than this.
_PRIORITY = "priority"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One delivery that is due, with what holds for its person now.

    `local` enters the inbox and rings nowhere. `priority` is None and `category` "" for a digest,
    which takes every channel. `released`: quiet hours and a snooze do not hold it, as they never
    did.
    `put_off_until`: its reader has snoozed this very thing, while it was on its way.
    """

    channel: str
    local: bool
    priority: int | None
    released: bool
    preference: PreferenceValues
    category: str = ""
    silenced: bool = False
    snoozed_until: datetime | None = None
    put_off_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`reason` "" goes on. Otherwise it is put off to `until`, or given up where that is None."""

    reason: str = ""
    until: datetime | None = None

    @property
    def goes_on(self) -> bool:
        return not self.reason


GO_ON = Answer()


def preflight(ring: Ring, now: datetime) -> Answer:
    """What becomes of a due delivery at `now`."""
    if ring.local and not ring.preference.consented:
        # Without consent it lies in the inbox and rings nowhere.
        return GO_ON
    never = _never(ring)
    if never:
        return Answer(reason=never)
    if ring.put_off_until is not None and now < ring.put_off_until:
        return Answer(reason=POSTPONED, until=ring.put_off_until)
    if ring.released:
        return GO_ON
    return held(ring.preference, ring.channel, ring.snoozed_until, now)


def held(
    preference: PreferenceValues, channel: str, snoozed_until: datetime | None, now: datetime
) -> Answer:
    """Until when a snooze or quiet hours, the channel's own with them, hold it; else it goes on."""
    snoozed = snoozed_until is not None and now < snoozed_until
    until = awake_on(preference, channel, snoozed_until if snoozed and snoozed_until else now)
    if until <= now:
        return GO_ON
    if snoozed:
        reason = Reason.SNOOZED.value
    elif window_at(preference, now):
        reason = Reason.QUIET_HOURS.value
    else:
        reason = Hold.QUIET_HOURS.value
    return Answer(reason=reason, until=until.astimezone(UTC))


def _never(ring: Ring) -> str:
    preference = ring.preference
    if not preference.consented:
        return Reason.NO_CONSENT.value
    if not preference.enabled:
        return Reason.DISABLED.value
    if not ring.local and (bar := _bar(ring)):
        return bar
    return Reason.SILENCED.value if ring.silenced else ""


def _bar(ring: Ring) -> str:
    """Why this person's channel does not take it; a channel nobody uses any more bars nothing."""
    preference = ring.preference
    if not preference.channels:
        return Reason.NO_CHANNEL.value
    for one in preference.barred:
        if one.name == ring.channel:
            return one.bar.value
    if ring.category in preference.muted_topics.get(ring.channel, ()):
        return Bar.TOPIC.value
    least = preference.thresholds.get(ring.channel, 0)
    low = ring.priority is not None and ring.priority < least
    return _PRIORITY if low else ""
