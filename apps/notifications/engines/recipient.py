"""One recipient while decisions are made for them: the same for live traffic and for a preview."""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from apps.classification.types import Verdict
from apps.core import timing
from apps.notifications.engines.inhibiting import by_name_only
from apps.notifications.engines.moving import Move
from apps.notifications.engines.noise_filter import decide
from apps.notifications.engines.topics import on_topic
from apps.notifications.engines.ways import INBOX, taken
from apps.notifications.types import (
    Decision,
    FilterContext,
    Outcome,
    PreferenceValues,
    Ringing,
    Told,
)
from apps.rules.engines.inhibitions import inhibited_by
from apps.rules.types import ActiveInhibition, ActiveSilence, Fired, Inhibited, Subject


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

    `sent_today` counts for `day`, which is local, `promised` for days after it. Whoever lets time
    pass between two decisions keeps `day` up with `begin`, and what was `told` within the
    redundancy window. `last_words` has the fingerprint of what they were told last of each meeting.
    `fired` is what they were told within the longest window of their
    `inhibitions`. `ringing`, where it is known, counts for each channel and each local day by
    itself. `helpful_rates` go by category. `deferred` has when what was put off is told, in that
    order: from then on that is an interruption, too, as far as the pause after it still lasts.
    """

    preference: PreferenceValues
    pace: Pace
    day: date
    told: list[Told] = field(default_factory=list)
    last_words: dict[str, int] = field(default_factory=dict)
    inhibitions: tuple[ActiveInhibition, ...] = ()
    fired: list[Fired] = field(default_factory=list)
    sent_today: int = 0
    promised: dict[date, int] = field(default_factory=dict)
    last_interruption_at: datetime | None = None
    deferred: list[datetime] = field(default_factory=list)
    snoozed_until: datetime | None = None
    reads_by_hour: tuple[int, ...] = ()
    helpful_rates: Mapping[str, float] = field(default_factory=dict)
    ringing: Ringing | None = None

    def decide(
        self,
        verdict: Verdict,
        fingerprint: int,
        now: datetime,
        *,
        silence: ActiveSilence | None = None,
        assigned: bool | None = None,
        subject: Subject | None = None,
        thing: str = "",
        text_fingerprint: int = 0,
        ref: UUID | None = None,
    ) -> Decision:
        """What `noise_filter.decide` says at `now`; it counts for the decisions after it.

        Without a `subject` nothing is inhibited, and it inhibits nothing. `thing` is the id of the
        meeting it is about, "" for none; `ref` is the id under which it is told.
        """
        inhibition = self._inhibition(verdict, subject, now)
        context = self._context(verdict, fingerprint, silence, inhibition, assigned)
        context = replace(
            context,
            text_fingerprint=text_fingerprint,
            last_interruption_at=self._interrupted_at(now),
        )
        context = replace(context, last_word=self.last_words.get(thing)) if thing else context
        decision = decide(verdict, context, now)
        if decision.due_at is not None:
            self.told.append(
                Told(
                    fingerprint=fingerprint,
                    at=decision.due_at,
                    text_fingerprint=text_fingerprint,
                    ref=ref,
                )
            )
            if thing:
                self.last_words[thing] = fingerprint
            if subject is not None:
                self.fired.append(Fired(subject=subject, at=now))
        self._count_in(verdict, decision, now)
        return decision

    def day_of(self, decision: Decision) -> date:
        """The local day a decision counts for: of what is put off, the one it is due on."""
        if decision.outcome is not Outcome.DEFER or decision.due_at is None:
            return self.day
        return self._local_day(decision.due_at)

    def begin(self, day: date) -> None:
        """Another local day, with what was promised for it; a day that comes again is as it was."""
        self.promised[self.day] = self.sent_today
        self.day, self.sent_today = day, self.promised.get(day, 0)

    def move(self, move: Move, *, interrupts: bool) -> None:
        """What was put off counts at the moment it is told instead; `interrupts` in the inbox."""
        changes = [(move.was, -1)]
        if move.becomes is not None:
            changes.append((move.becomes, 1))
        for at, times in changes:
            if move.channel != INBOX:
                self._count_through(move.channel, at, times)
            elif interrupts:
                self._count(self._local_day(at), times)
        if move.channel == INBOX and interrupts:
            if move.was in self.deferred:
                self.deferred.remove(move.was)
            if move.becomes is not None:
                insort(self.deferred, move.becomes)

    def _count_in(self, verdict: Verdict, decision: Decision, now: datetime) -> None:
        if decision.outcome is Outcome.NOTIFY_NOW:
            self.last_interruption_at = now
        if decision.outcome is Outcome.DEFER and decision.due_at is not None:
            insort(self.deferred, decision.due_at)
        if decision.outcome in (Outcome.NOTIFY_NOW, Outcome.DEFER):
            self._count(self.day_of(decision))
        if self.ringing is not None:
            days = days_told(self.preference, verdict, decision)
            counts = Counter(self.ringing.told_through) + Counter(days)
            self.ringing = replace(self.ringing, told_through=counts)

    def _interrupted_at(self, now: datetime) -> datetime | None:
        since = now - timedelta(seconds=self.pace.min_interval_seconds)
        place = bisect_right(self.deferred, now)
        last = [at for at in self.deferred[max(0, place - 1) : place] if at > since]
        return max((at for at in (self.last_interruption_at, *last) if at), default=None)

    def _count(self, day: date, times: int = 1) -> None:
        if day == self.day:
            self.sent_today = max(0, self.sent_today + times)
        else:
            self.promised[day] = max(0, self.promised.get(day, 0) + times)

    def _count_through(self, channel: str, at: datetime, times: int) -> None:
        if self.ringing is not None:
            counts = Counter(self.ringing.told_through)
            counts[channel, self._local_day(at)] += times
            self.ringing = replace(self.ringing, told_through=counts)

    def _local_day(self, at: datetime) -> date:
        return timing.local_day(at, timing.zone(self.preference.time_zone))[0]

    def _inhibition(
        self, verdict: Verdict, subject: Subject | None, now: datetime
    ) -> Inhibited | None:
        if subject is None or not self.inhibitions:
            return None
        by_name = by_name_only(verdict)
        return inhibited_by(self.inhibitions, subject, self.fired, now, by_name=by_name)

    def _context(
        self,
        verdict: Verdict,
        fingerprint: int,
        silence: ActiveSilence | None,
        inhibition: Inhibited | None,
        assigned: bool | None,
    ) -> FilterContext:
        pace = self.pace
        return FilterContext(
            preference=self.preference,
            fingerprint=fingerprint,
            silence=silence,
            inhibition=inhibition,
            snoozed_until=self.snoozed_until,
            assigned=assigned,
            told=tuple(self.told),
            sent_today=self.sent_today,
            promised=self.promised,
            redundancy_window_seconds=pace.redundancy_window_seconds,
            batch_interval_seconds=pace.batch_interval_seconds,
            min_interval_seconds=pace.min_interval_seconds,
            lifetime_seconds=pace.lifetime_seconds,
            reads_by_hour=self.reads_by_hour,
            batch_max_delay_seconds=pace.batch_max_delay_seconds,
            helpful_rate=self.helpful_rates.get(verdict.category.value),
            ringing=self.ringing,
        )


def days_told(
    preference: PreferenceValues, verdict: Verdict, decision: Decision
) -> list[tuple[str, date]]:
    """The channels but the inbox through which it is told by itself, each with its local day."""
    zone = timing.zone(preference.time_zone)
    wanted = on_topic(preference, verdict.category.value)
    ways = taken(wanted, verdict.priority, decision)
    return [(name, timing.local_day(at, zone)[0]) for name, at in ways.items() if name != INBOX]
