"""Whether somebody is told, and why: the values of the noise filter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeAlias

from django.db.models import TextChoices

from apps.classification.types import Urgency
from apps.rules.types import ActiveSilence, Inhibited

Plain: TypeAlias = "str | int | float | bool | list[str] | None"


# The seeds' channels, by which a person may be told, and how people call them.
CHANNEL_NAMES: Mapping[str, str] = {
    "in_app": "Inbox",
    "web_push": "Push",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "email": "E-mail",
}


class Outcome(TextChoices):
    NOTIFY_NOW = "notify_now"
    DIGEST = "digest"
    DEFER = "defer"
    DROP = "drop"


class Reason(TextChoices):
    """The step that settled the outcome. `urgent`, `vip` and `passed` are the ways to be told."""

    PASSED = "passed"
    URGENT = "urgent"
    VIP = "vip"
    NO_CONSENT = "no_consent"
    DISABLED = "disabled"
    EXPIRED = "expired"
    NO_CHANNEL = "no_channel"
    SILENCED = "silenced"
    INHIBITED = "inhibited"
    CATEGORY_MUTED = "category_muted"
    BELOW_MIN_URGENCY = "below_min_urgency"
    BELOW_RELEVANCE = "below_relevance"
    NOT_ASSIGNED = "not_assigned"
    REDUNDANT = "redundant"
    DAILY_CAP = "daily_cap"
    BUDGET = "budget"
    MIN_INTERVAL = "min_interval"
    SNOOZED = "snoozed"
    QUIET_HOURS = "quiet_hours"
    BATCHED = "batched"


class Hold(TextChoices):
    """Why a channel is not taken when a notification is told. No decision has it for its reason."""

    QUIET_HOURS = "channel_quiet_hours"
    CAP = "channel_cap"
    SEEN = "seen_elsewhere"


class MootReason(TextChoices):
    """Why something held back was not told in the end."""

    MEETING_OVER = "meeting_over"
    CODE_LAPSED = "code_lapsed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    SILENCED = "silenced"
    DISABLED = "disabled"


class ProposalKind(TextChoices):
    """What Vigil may propose to somebody who keeps dismissing things, from narrow to wide."""

    SILENCE_SENDER = "silence_sender"
    MUTE_CATEGORY = "mute_category"
    RAISE_MIN_URGENCY = "raise_min_urgency"
    DAILY_DIGEST = "daily_digest"


class QuietHoursPolicy(TextChoices):
    DEFER = "defer"
    DIGEST = "digest"
    DROP = "drop"


class Frequency(TextChoices):
    INSTANT = "instant"
    BATCH = "batch"
    DAILY = "daily"
    WEEKLY = "weekly"


class Bar(TextChoices):
    """Why a channel that somebody has is not used."""

    OFF = "off"
    TIER = "tier"
    UNVERIFIED = "unverified"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The names of channels that are used only with consent, or once they are verified."""

    consent: frozenset[str] = frozenset()
    verification: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class BarredChannel:
    name: str
    bar: Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRange:
    """Quiet hours that begin on some days only (0 is Monday).

    An `end` that is not after `start` is on the next day: equal walls are a whole day.
    """

    days: tuple[int, ...]
    start: time
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRule:
    """What somebody set for one channel alone. `max_per_day` None is no limit.

    Quiet hours are every day's walls in `time_zone`, both None or both set and different; they come
    on top of the person's own, which hold every channel.
    """

    quiet_start: time | None = None
    quiet_end: time | None = None
    time_zone: str = "UTC"
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceValues:
    """One person's effective preferences; defaults are the seeds'.

    `categories` None means all. `max_per_day` None means no limit, `interruption_budget` (a day)
    None no budget. Quiet hours are local walls: those of every day, where equal walls never occur
    (validation refuses them) and which `quiet_hours_enabled` switches, and besides them
    `quiet_ranges`, which have no switch. `channels` may be used, `barred` are the person's others.
    `thresholds` has the priority from which on something takes a channel too; what is not in it,
    as the inbox, takes everything. `channel_rules` are of usable channels other than the inbox,
    whose rules are the person's own. `consented` is False once they withdrew consent to be told.
    """

    consented: bool = True
    enabled: bool = True
    min_urgency: Urgency = Urgency.LOW
    relevance_threshold: float = 0.0
    categories: tuple[str, ...] | None = None
    frequency: Frequency = Frequency.INSTANT
    digest_time: time = time(9, 0)
    digest_weekday: int = 0
    quiet_hours_enabled: bool = False
    quiet_start: time | None = None
    quiet_end: time | None = None
    quiet_policy: QuietHoursPolicy = QuietHoursPolicy.DEFER
    quiet_ranges: tuple[QuietRange, ...] = ()
    time_zone: str = "UTC"
    max_per_day: int | None = 10
    interruption_budget: int | None = None
    assigned_clients_only: bool = False
    channels: tuple[str, ...] = ("in_app",)
    barred: tuple[BarredChannel, ...] = ()
    thresholds: Mapping[str, int] = field(default_factory=dict)
    channel_rules: Mapping[str, ChannelRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something this person was told or is about to be: `fingerprint` is of its content."""

    fingerprint: int
    at: datetime


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

    `fingerprint` is the 64-bit similarity hash of the event's content (apps.core.similarity);
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


class Origin(TextChoices):
    """Where an effective preference comes from, from the widest to the most specific."""

    DEFAULT = "default"
    TIER = "tier"
    OWN = "own"
    CHANNEL = "channel"
    AURA = "aura"
