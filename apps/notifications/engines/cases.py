"""One question before the noise filter, and the two ways a step may answer it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor
from typing import TypeAlias
from zoneinfo import ZoneInfo

from apps.classification.types import Urgency, Verdict
from apps.core import timing
from apps.notifications.engines.topics import on_topic
from apps.notifications.types import FilterContext, Frequency, Outcome, PreferenceValues, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A verdict, its recipient and the moment, with what several steps want to know of them.

    `preference` is what holds for the verdict's topic.

    `now` is in UTC, because subtracting within one local zone ignores its clock changes.
    `urgent`: high, critical, or released by a deterministic rule. `prompt`: told at once whatever
    the frequency is. `interrupts`: would be told now if nothing held it.
    """

    verdict: Verdict
    context: FilterContext
    preference: PreferenceValues
    now: datetime
    urgent: bool
    prompt: bool
    interrupts: bool

    @classmethod
    def of(cls, verdict: Verdict, context: FilterContext, now: datetime) -> "Case":
        preference = on_topic(context.preference, verdict.category.value)
        urgent = verdict.overrides_quiet_hours or verdict.priority >= Urgency.HIGH.floor
        prompt = urgent or verdict.vip
        return cls(
            verdict=verdict,
            context=context,
            preference=preference,
            now=now.astimezone(UTC),
            urgent=urgent,
            prompt=prompt,
            interrupts=prompt or preference.frequency == Frequency.INSTANT,
        )

    @property
    def zone(self) -> ZoneInfo:
        return timing.zone(self.preference.time_zone)

    @property
    def expires_at(self) -> datetime:
        return self.expires_after(self.now)

    def expires_after(self, told_at: datetime) -> datetime:
        """The verdict's own end; without one, a lifetime counted from `told_at`.

        Of what waits for a digest it is counted from there: counted from now, a weekly digest would
        come too late for what had just missed one.
        """
        if self.verdict.expires_at is not None:
            return self.verdict.expires_at
        return told_at + timedelta(seconds=self.context.lifetime_seconds)

    def local(self, moment: datetime) -> str:
        """`moment` on the recipient's clock, in ISO 8601 with its offset."""
        return moment.astimezone(self.zone).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A step's last word: not now. `due_at` is None exactly when the outcome is drop."""

    step: Step
    outcome: Outcome
    due_at: datetime | None = None


# A step that lets the case pass answers with its Step alone.
StepFunction: TypeAlias = Callable[[Case], Step | Settlement]


def dropped(step: Step) -> Settlement:
    return Settlement(step=step, outcome=Outcome.DROP)


def minutes(span: timedelta) -> float:
    """Rounded down, so that a miss by a moment is still a miss."""
    return floor(span.total_seconds() / 60 * 100) / 100
