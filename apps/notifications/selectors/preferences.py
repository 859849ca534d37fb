"""What one person has set, and what holds for each channel and aura because of it."""

from dataclasses import dataclass
from uuid import UUID

from apps.accounts.models import User
from apps.accounts.selectors import business_of, person_seen_by
from apps.accounts.tiers import Limits
from apps.core.hashing import digest
from apps.notifications.engines.resolving import (
    Ceiling,
    ChannelValues,
    Layer,
    QuietHours,
    resolve,
)
from apps.notifications.models import ChannelPreference, Preference
from apps.notifications.models.preference import FIELDS, OWN_SWITCHES
from apps.notifications.selectors.reading import preference_of
from apps.notifications.types import CHANNEL_NAMES, Origin

# Channels that every tier has: the seeds' tiers do not speak of them.
FREE_CHANNELS = ("email",)

_VERSION_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Both tables' rows of one person. `row` is unsaved where there is none."""

    user: User
    row: Preference
    channels: list[ChannelPreference]

    @property
    def version(self) -> str:
        """Differs once anything of this was changed, through whichever door."""
        own = [self.row] if self.row.pk else []
        rows: list[Preference | ChannelPreference] = [*own, *self.channels]
        stamps = [part for row in rows for part in (row.pk, row.updated_at.isoformat())]
        return digest(len(self.channels), *stamps)[:_VERSION_BYTES].hex()

    @property
    def origins(self) -> dict[str, Origin]:
        """For each of FIELDS: the person's own word, or what everybody starts with."""
        defaults = Preference(user=self.user, time_zone=self.user.time_zone)
        return {
            name: Origin.DEFAULT if same else Origin.OWN
            for name in FIELDS
            for same in (getattr(self.row, name) == getattr(defaults, name),)
        }


def stored_of(user: User) -> Stored:
    """Two queries; the channels' rows with their aura, the wider ones first."""
    rows = ChannelPreference.objects.filter(user=user).select_related("aura")
    return Stored(user=user, row=preference_of(user), channels=list(rows.order_by("aura_id", "id")))


def allowed_channels(limits: Limits) -> tuple[str, ...]:
    return (*limits.channels, *FREE_CHANNELS)


def visible_preference(user: User, public_id: UUID) -> Preference | None:
    """The stored preferences of that id, where `user` may look at the person they are of."""
    row = Preference.objects.filter(public_id=public_id).select_related("user").first()
    return row if row and person_seen_by(user, row.user.public_id) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSetting:
    """What holds for one channel, in general (`aura_id` None) or for one aura.

    `row` is the stored one of exactly this place, None where there is none.
    """

    channel: str
    aura_id: UUID | None
    values: ChannelValues
    row: ChannelPreference | None

    @property
    def label(self) -> str:
        return CHANNEL_NAMES[self.channel]


def channel_settings(stored: Stored) -> list[ChannelSetting]:
    """Every channel in general, then what is set for single auras."""
    limits = business_of(stored.user).limits
    base = _base(stored)
    general = {row.channel: row for row in stored.channels if row.aura_id is None}
    wider = {name: [*base, *_layers(general.get(name))] for name in CHANNEL_NAMES}
    own = [row for row in stored.channels if row.aura_id is not None and row.channel in wider]
    return [
        *(_setting(stored, limits, name, general.get(name), wider[name]) for name in wider),
        *(
            _setting(stored, limits, row.channel, row, [*wider[row.channel], *_layers(row)])
            for row in own
        ),
    ]


def _setting(
    stored: Stored,
    limits: Limits,
    channel: str,
    row: ChannelPreference | None,
    layers: list[Layer],
) -> ChannelSetting:
    ceiling = Ceiling(
        allowed=channel in allowed_channels(limits),
        wanted=stored.row.enabled and (channel != "email" or stored.row.email_enabled),
        max_per_day=limits.notifications_per_day,
    )
    return ChannelSetting(
        channel=channel,
        aura_id=row.aura.public_id if row and row.aura else None,
        values=resolve(layers, ceiling),
        row=row,
    )


def _base(stored: Stored) -> list[Layer]:
    """What everybody starts with, then the person's own word on every channel."""
    row, origins = stored.row, stored.origins
    quiet = QuietHours(enabled=row.quiet_hours_enabled, start=row.quiet_start, end=row.quiet_end)
    default = Layer(
        origin=Origin.DEFAULT,
        enabled=True,
        quiet_hours=QuietHours(),
        time_zone=row.time_zone,
        priority_threshold=1,
    )
    own = Layer(
        origin=Origin.OWN,
        quiet_hours=None if quiet == QuietHours() else quiet,
        time_zone=row.time_zone if origins["time_zone"] is Origin.OWN else None,
    )
    return [default, own]


def _layers(row: ChannelPreference | None) -> list[Layer]:
    """What the row says, if there is one."""
    if row is None:
        return []
    quiet = QuietHours(
        enabled=bool(row.quiet_hours_enabled), start=row.quiet_start, end=row.quiet_end
    )
    by_person = row.aura_id is None and row.channel in OWN_SWITCHES and row.enabled
    layer = Layer(
        origin=Origin.CHANNEL if row.aura_id is None else Origin.AURA,
        enabled=None if by_person else row.enabled,
        quiet_hours=None if row.quiet_hours_enabled is None else quiet,
        time_zone=row.time_zone or None,
        max_per_day=row.max_per_day,
        priority_threshold=row.priority_threshold,
    )
    return [layer]
