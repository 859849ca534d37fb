"""Whether somebody is told, and why: the values of the noise filter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TypeAlias

from django.db.models import TextChoices

from apps.classification.types import Urgency

Plain: TypeAlias = "str | int | float | bool | list[str] | None"


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
    DISABLED = "disabled"
    EXPIRED = "expired"
    CATEGORY_MUTED = "category_muted"
    BELOW_MIN_URGENCY = "below_min_urgency"
    BELOW_RELEVANCE = "below_relevance"
    REDUNDANT = "redundant"
    DAILY_CAP = "daily_cap"
    MIN_INTERVAL = "min_interval"
    QUIET_HOURS = "quiet_hours"
    BATCHED = "batched"


class MootReason(TextChoices):
    """Why something held back was not told in the end."""

    MEETING_OVER = "meeting_over"
    CODE_LAPSED = "code_lapsed"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class QuietHoursPolicy(TextChoices):
    DEFER = "defer"
    DIGEST = "digest"
    DROP = "drop"


class Frequency(TextChoices):
    INSTANT = "instant"
    BATCH = "batch"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceValues:
    """One person's effective preferences; defaults are the seeds'.

    `categories` None means all. `max_per_day` None means no limit. Quiet hours are local walls;
    equal walls never occur (validation refuses them).
    """

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
    time_zone: str = "UTC"
    max_per_day: int | None = 10
    channels: tuple[str, ...] = ("in_app",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something this person was told or is about to be: `fingerprint` is of its content."""

    fingerprint: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterContext:
    """What the noise filter must know of one recipient at one moment.

    `fingerprint` is the 64-bit similarity hash of the event's content (apps.core.similarity);
    `sent_today` counts interruptions of the recipient's local day; windows are in seconds.
    `reads_by_hour` counts what they read in each hour of their day (24 of them, or none known).
    """

    preference: PreferenceValues
    fingerprint: int
    told: tuple[Told, ...] = ()
    sent_today: int = 0
    last_interruption_at: datetime | None = None
    redundancy_window_seconds: int = 1_800
    batch_interval_seconds: int = 1_800
    min_interval_seconds: int = 300
    lifetime_seconds: int = 604_800
    reads_by_hour: tuple[int, ...] = ()
    batch_max_delay_seconds: int = 14_400


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
class Decision:
    """`due_at` is when to tell (now, for notify_now); None when dropped."""

    outcome: Outcome
    reason: Reason
    steps: tuple[Step, ...]
    due_at: datetime | None
    expires_at: datetime | None
