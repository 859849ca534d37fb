"""What the noise filter is asked with, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from apps.notifications.types.choices import Outcome, Reason
from apps.notifications.types.preferences import PreferenceValues
from apps.rules.types import ActiveSilence, Inhibited

Plain: TypeAlias = "str | int | float | bool | list[str] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something this person was told or is about to be: `fingerprint` is of title and content,
    `text_fingerprint` of long content alone, 0 for none; `ref` is the Notification's public id.
    """

    fingerprint: int
    at: datetime
    text_fingerprint: int = 0
    ref: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """What must be known of a recipient who has channels besides the inbox. Times in seconds.

    `told_through` counts what was told through a channel on a local day. `seen_at` is when they
    were last at the inbox; None if it is long ago, or nobody asked.
    """

    told_through: Mapping[tuple[str, date], int] = field(default_factory=dict)
    seen_at: datetime | None = None
    presence_window_seconds: int = 60
    seen_grace_seconds: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterContext:
    """What the noise filter must know of one recipient at one moment.

    `fingerprint` is the 64-bit similarity hash of the event's title and content
    (apps.core.similarity), `text_fingerprint` of long content alone, 0 for none;
    `sent_today` counts interruptions of the recipient's local day, `promised` those put off to days
    after it; windows are in seconds. `silence` is the matching silence that ends last,
    `inhibition` what inhibits it longest, `snoozed_until` the end of the recipient's
    own snooze. `assigned` is None for an event about no client, or where nobody asked. `last_word`
    is the fingerprint of what they were told last of this very meeting; None for nothing.
    `reads_by_hour` counts what they read in each hour of their day (24 of them, or none known).
    `helpful_rate` is how often such things helped them, 0 to 1; None where nobody asked or said.
    `ringing` is None for who has the inbox alone.
    """

    preference: PreferenceValues
    fingerprint: int
    text_fingerprint: int = 0
    silence: ActiveSilence | None = None
    inhibition: Inhibited | None = None
    snoozed_until: datetime | None = None
    assigned: bool | None = None
    last_word: int | None = None
    told: tuple[Told, ...] = ()
    sent_today: int = 0
    promised: Mapping[date, int] = field(default_factory=dict)
    last_interruption_at: datetime | None = None
    redundancy_window_seconds: int = 1_800
    batch_interval_seconds: int = 1_800
    min_interval_seconds: int = 300
    lifetime_seconds: int = 604_800
    reads_by_hour: tuple[int, ...] = ()
    batch_max_delay_seconds: int = 14_400
    helpful_rate: float | None = None
    ringing: Ringing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question the filter asked: its inputs, the threshold, and how far the answer was off.

    `margin` is positive when passed with room to spare, negative when missed by that much, None
    where there is no distance to speak of.
    """

    code: str
    passed: bool
    inputs: Mapping[str, Plain] = field(default_factory=dict)
    threshold: Plain = None
    margin: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedStep(Step):
    """A step that settled what is not told now, with what was found to lead to another outcome.

    `turns` are the settings whose smallest change does. With `then` it takes more: those steps
    would have settled it after that change, and each must be turned as well.
    """

    turns: tuple[str, ...]
    then: tuple["TurnedStep", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChannel:
    """A channel that is not taken when the rest is told but at `due_at`, or never (None).

    `in_digest`: then it is part of the channel's digest and not told by itself.
    """

    name: str
    due_at: datetime | None
    in_digest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`due_at` is when to tell (now, for notify_now); None when dropped.

    Every channel it takes is told then, but those that are `held`.
    """

    outcome: Outcome
    reason: Reason
    steps: tuple[Step, ...]
    due_at: datetime | None
    expires_at: datetime | None
    held: tuple[HeldChannel, ...] = ()
