"""One person's effective preferences, as the noise filter takes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from apps.classification.types import Urgency
from apps.notifications.types.choices import Bar, Frequency, QuietHoursPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """The names of channels that are used only with consent, or with an address."""

    consent: frozenset[str] = frozenset()
    address: frozenset[str] = frozenset()


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
    as the inbox, takes everything. `muted_topics` has the categories that a channel is not to be
    told through; the inbox has none. `channel_rules` are of usable channels other than the inbox,
    whose rules are the person's own. `consented` is False once they withdrew consent to be told.
    Those in `channel_order` ring one after the other: the next one where the one before failed, or
    after `escalation_minutes` in which something critical stayed unread (None: never).
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
    muted_topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channel_rules: Mapping[str, ChannelRule] = field(default_factory=dict)
    channel_order: tuple[str, ...] = ()
    escalation_minutes: int | None = None
