"""Recorded events decided again for one virtual recipient, with whatever preferences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from apps.classification.types import Urgency, Verdict
from apps.core.timing import zone
from apps.notifications.engines.cases import minutes
from apps.notifications.engines.moving import Move, Moves
from apps.notifications.engines.recipient import Pace, Recipient
from apps.notifications.engines.recollection import Entry, Recollection
from apps.notifications.engines.ways import INBOX
from apps.notifications.types import Decision, Outcome, PreferenceValues, Ringing
from apps.rules.engines.silences import silence_for
from apps.rules.types import ActiveInhibition, ActiveSilence, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One event as it was judged for one person at `at`, with what held for it then.

    `assigned` is whether they look after its client; None where it is about none. `subject` is what
    inhibitions, and a silence that is only tried, look at; None where there are none. `thing` is
    the meeting it is about, "" for none. `due_at` is when it was to be told by what was decided
    then, None for never, and `moves` are what became of that.
    """

    event_id: int
    at: datetime
    verdict: Verdict
    fingerprint: int
    text_fingerprint: int = 0
    ref: UUID | None = None
    silence: ActiveSilence | None = None
    snoozed_until: datetime | None = None
    assigned: bool | None = None
    subject: Subject | None = None
    inhibitions: tuple[ActiveInhibition, ...] = ()
    thing: str = ""
    due_at: datetime | None = None
    moves: tuple[Move, ...] = ()

    @property
    def urgent(self) -> bool:
        return self.verdict.overrides_quiet_hours or self.verdict.priority >= Urgency.HIGH.floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """By what a replay decides; `told_at_most` of the latest told, and as many of what waits, are
    compared with, and `fired_at_most` of them may inhibit.
    """

    preference: PreferenceValues
    pace: Pace
    reads_by_hour: tuple[int, ...] = ()
    helpful_rates: Mapping[str, float] = field(default_factory=dict)
    told_at_most: int = 100
    fired_at_most: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the events: every one is in exactly one of the four counts.

    `dropped_because` counts the dropped by their reason; the median is of what is told at all.
    """

    interruptions: int
    digested: int
    deferred: int
    dropped: int
    dropped_because: Mapping[str, int]
    median_delay_minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Something urgent that would be told later than before; `due_then` None is never."""

    event_id: int
    due_now: datetime
    due_then: datetime | None


def silenced(occurrences: Sequence[Occurrence], tried: ActiveSilence) -> list[Occurrence]:
    """The same with `tried` as if it had held all the time, beside what was silenced anyway."""
    return [
        one if one.subject is None else replace(one, silence=_with(one, one.subject, tried))
        for one in occurrences
    ]


def replay(occurrences: Sequence[Occurrence], setting: Setting) -> list[Decision]:
    """One decision for each, in their order, which is the one they were decided in.

    What has the same `at` is one batch, as it was when a drain decided it.
    """
    if not occurrences:
        return []
    virtual = _Virtual(setting, occurrences[0].at)
    return [virtual.decide(one) for one in occurrences]


def figures(occurrences: Sequence[Occurrence], decisions: Sequence[Decision]) -> Figures:
    outcomes = Counter(decision.outcome for decision in decisions)
    delays = [
        (decision.due_at - one.at).total_seconds()
        for one, decision in zip(occurrences, decisions, strict=True)
        if decision.due_at is not None
    ]
    return Figures(
        interruptions=outcomes[Outcome.NOTIFY_NOW],
        digested=outcomes[Outcome.DIGEST],
        deferred=outcomes[Outcome.DEFER],
        dropped=outcomes[Outcome.DROP],
        dropped_because=Counter(
            decision.reason.value for decision in decisions if decision.outcome is Outcome.DROP
        ),
        median_delay_minutes=minutes(timedelta(seconds=median(delays))) if delays else None,
    )


def later(
    occurrences: Sequence[Occurrence], now: Sequence[Decision], then: Sequence[Decision]
) -> list[Later]:
    """What is urgent and comes later `then` than `now`, or not at all any more; newest first."""
    found = [
        Later(event_id=one.event_id, due_now=before.due_at, due_then=after.due_at)
        for one, before, after in zip(occurrences, now, then, strict=True)
        if one.urgent and before.due_at is not None
        if after.due_at is None or after.due_at > before.due_at
    ]
    return found[::-1]


def _with(one: Occurrence, subject: Subject, tried: ActiveSilence) -> ActiveSilence | None:
    """As the live path chooses among silences; the one of then has matched already."""
    found = silence_for([tried], subject)
    both = [silence for silence in (one.silence, found) if silence is not None]
    return max(both, key=lambda silence: silence.expires_at, default=None)


class _Virtual:
    """Goes through recorded time with the state that the live path reads from the database."""

    def __init__(self, setting: Setting, begins_at: datetime) -> None:
        self._setting = setting
        self._zone = zone(setting.preference.time_zone)
        self._window = timedelta(seconds=setting.pace.redundancy_window_seconds)
        self._batch_at = begins_at
        self._recollection = Recollection(setting.told_at_most)
        self._moves: Moves[tuple[Entry, bool]] = Moves()
        self._interrupted_at: datetime | None = None
        self._recipient = Recipient(
            preference=setting.preference,
            pace=setting.pace,
            day=begins_at.astimezone(self._zone).date(),
            reads_by_hour=setting.reads_by_hour,
            helpful_rates=setting.helpful_rates,
            ringing=Ringing() if len(setting.preference.channels) > 1 else None,
        )

    def decide(self, one: Occurrence) -> Decision:
        if one.at != self._batch_at:
            self._turn_to(one.at)
        recipient = self._recipient
        recipient.snoozed_until = one.snoozed_until
        recipient.inhibitions = one.inhibitions
        self._remind(one)
        choosy = self._setting.preference.assigned_clients_only
        decision = recipient.decide(
            one.verdict,
            one.fingerprint,
            one.at,
            silence=one.silence,
            assigned=one.assigned if choosy else None,
            subject=one.subject,
            thing=one.thing,
            text_fingerprint=one.text_fingerprint,
            ref=one.ref,
        )
        if decision.due_at is not None:
            entry = self._recollection.add(one.at, recipient.told[-1], one.thing)
            if decision.due_at == one.due_at:
                self._foresee(one.moves, entry, interrupts=decision.outcome is Outcome.DEFER)
        if decision.outcome is Outcome.NOTIFY_NOW:
            self._interrupted_at = max(self._interrupted_at or one.at, one.at)
        return decision

    def _foresee(self, moves: Sequence[Move], entry: Entry, *, interrupts: bool) -> None:
        for move in moves:
            self._moves.add(move, (entry, interrupts))

    def _turn_to(self, at: datetime) -> None:
        """A new batch: another day perhaps, and the window of what was told has moved.

        Mostly on, but back where models were asked: such a batch keeps the clock of before.
        """
        recipient = self._recipient
        for move, (entry, interrupts) in self._moves.until(at):
            recipient.move(move, interrupts=interrupts)
            if move.channel == INBOX:
                self._recollection.move(entry, move.becomes)
        recipient.told = self._recollection.told_since(at - self._window)
        recipient.last_words = {}
        recipient.fired = recipient.fired[-self._setting.fired_at_most :]
        if self._interrupted_at is not None:
            recipient.last_interruption_at = min(self._interrupted_at, at)
        self._batch_at = at
        day = at.astimezone(self._zone).date()
        if day != recipient.day:
            recipient.begin(day)

    def _remind(self, one: Occurrence) -> None:
        """What they were told last of this meeting, before this batch or in it."""
        if one.thing and one.thing not in self._recipient.last_words:
            word = self._recollection.last_word(one.thing, one.at - self._window)
            if word is not None:
                self._recipient.last_words[one.thing] = word
