"""One recipient while decisions are made for them: the same for live traffic and for a preview."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from apps.classification.types import Verdict
from apps.core import timing
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.ways import INBOX, taken
from apps.notifications.types import (
    Decision,
    FilterContext,
    Outcome,
    PreferenceValues,
    Ringing,
    Told,
)
from apps.rules.types import ActiveSilence


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What the noise filter measures time by, in seconds; see FilterContext."""

    redundancy_window_seconds: int = 1_800
    batch_interval_seconds: int = 1_800
    min_interval_seconds: int = 300
    lifetime_seconds: int = 604_800
    batch_max_delay_seconds: int = 14_400


@dataclass(slots=True, kw_only=True)
class Recipient:
    """What is known of one recipient, kept current by every decision.

    `sent_today` counts for `day`, which is local. Whoever lets time pass between two decisions
    keeps both up, and what was `told` within the redundancy window. `ringing`, where it is known,
    counts for each channel and each local day by itself.
    """

    preference: PreferenceValues
    pace: Pace
    day: date
    told: list[Told] = field(default_factory=list)
    sent_today: int = 0
    last_interruption_at: datetime | None = None
    snoozed_until: datetime | None = None
    reads_by_hour: tuple[int, ...] = ()
    ringing: Ringing | None = None

    def decide(
        self,
        verdict: Verdict,
        fingerprint: int,
        now: datetime,
        *,
        silence: ActiveSilence | None = None,
        assigned: bool | None = None,
    ) -> Decision:
        """What `noise_filter.decide` says at `now`; it counts for the decisions after it."""
        decision = decide(verdict, self._context(fingerprint, silence, assigned), now)
        if decision.due_at is not None:
            self.told.append(Told(fingerprint=fingerprint, at=decision.due_at))
        if decision.outcome is Outcome.NOTIFY_NOW:
            self.sent_today += 1
            self.last_interruption_at = now
        if self.ringing is not None:
            days = days_told(self.preference, verdict.priority, decision)
            counts = Counter(self.ringing.told_through) + Counter(days)
            self.ringing = replace(self.ringing, told_through=counts)
        return decision

    def _context(
        self, fingerprint: int, silence: ActiveSilence | None, assigned: bool | None
    ) -> FilterContext:
        pace = self.pace
        return FilterContext(
            preference=self.preference,
            fingerprint=fingerprint,
            silence=silence,
            snoozed_until=self.snoozed_until,
            assigned=assigned,
            told=tuple(self.told),
            sent_today=self.sent_today,
            last_interruption_at=self.last_interruption_at,
            redundancy_window_seconds=pace.redundancy_window_seconds,
            batch_interval_seconds=pace.batch_interval_seconds,
            min_interval_seconds=pace.min_interval_seconds,
            lifetime_seconds=pace.lifetime_seconds,
            reads_by_hour=self.reads_by_hour,
            batch_max_delay_seconds=pace.batch_max_delay_seconds,
            ringing=self.ringing,
        )


def days_told(
    preference: PreferenceValues, priority: int, decision: Decision
) -> list[tuple[str, date]]:
    """The channels but the inbox through which it is told by itself, each with its local day."""
    zone = timing.zone(preference.time_zone)
    return [
        (name, timing.local_day(at, zone)[0])
        for name, at in taken(preference, priority, decision).items()
        if name != INBOX
    ]
