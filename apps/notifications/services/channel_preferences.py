"""What a person wants of single channels, in general and for single auras."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from apps.accounts.models import Aura, User
from apps.accounts.selectors import business_of
from apps.accounts.tiers import Limits
from apps.core.errors import Forbidden, InvalidInput, NotFound
from apps.notifications.models import ChannelPreference
from apps.notifications.models.preference import OWN_SWITCHES
from apps.notifications.selectors.preferences import Stored, allowed_channels, stored_of
from apps.notifications.services.preference_rows import (
    assign,
    check_quiet_hours,
    note,
    write_own,
    writing,
)

LEAST_PRIORITY = 1
TAKES_ALL = "The inbox takes everything that is told: say with `min_urgency` what that is."

# What a caller may ask for where the tier has no limit, either.
UNLIMITED = -1

# The inbox has no quiet hours but the person's own.
_QUIET = ("quiet_hours_enabled", "quiet_start", "quiet_end", "time_zone")


def set_channel(
    user: User,
    channel: str,
    changes: Mapping[str, Any],
    *,
    aura_ref: UUID | None = None,
    seen: Collection[str] | None = None,
) -> Stored:
    """Write `changes` (columns of ChannelPreference, valid one by one) for one of CHANNEL_NAMES.

    None unsays a value, so that the next wider row decides; UNLIMITED is the cap of a tier without
    any. Raises Forbidden (channel_not_allowed, tier_limit_exceeded) for what the tier does not
    hold, unless it is switched off; NotFound for an aura that is not this person's; InvalidInput
    and PreconditionFailed as `preferences.update` does. In general the inbox has no
    `priority_threshold` but LEAST_PRIORITY: another is InvalidInput.
    """
    if channel == "in_app" and aura_ref is None:
        _check_takes_all(changes)
    business = business_of(user)
    wanted = _within_tier(channel, changes, business.limits)
    aura = None
    if aura_ref is not None:
        aura = Aura.objects.filter(business=business, user=user, public_id=aura_ref).first()
        if aura is None:
            raise NotFound
    with writing(user, seen):
        if aura is None:
            wanted = _write_own_share(user, channel, wanted)
        _write(user, channel, aura, wanted)
    return stored_of(user)


def switch_channel(user: User, channel: str, *, enabled: bool) -> None:
    """Any channel, of whichever tier: what somebody wants to end, they may end."""
    with writing(user, None):
        rest = _write_own_share(user, channel, {"enabled": enabled})
        _write(user, channel, None, rest)


def mute_topic(user: User, channel: str, topic: str, *, muted: bool) -> None:
    """Whether things of one category are told through this channel."""
    with writing(user, None):
        rows = ChannelPreference.objects.filter(user=user, channel=channel, aura=None)
        known = set(rows.values_list("muted_topics", flat=True).first() or ())
        topics = sorted(known | {topic} if muted else known - {topic})
        _write(user, channel, None, {"muted_topics": topics})


def _check_takes_all(changes: Mapping[str, Any]) -> None:
    if changes.get("priority_threshold") not in (None, LEAST_PRIORITY):
        raise InvalidInput(fields={"priority_threshold": TAKES_ALL})


def _within_tier(channel: str, changes: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    # What a tier no longer holds may still be switched off.
    switched_off = changes.get("enabled") is False
    if channel not in allowed_channels(limits) and not switched_off:
        reason = "Your tier does not have this channel."
        raise Forbidden(reason, code="channel_not_allowed", fields={"channel": reason})
    cap, most = changes.get("max_per_day"), limits.notifications_per_day
    if cap is not None and most is not None and not 0 <= cap <= most:
        reason = f"Your tier has at most {most} notifications a day."
        raise Forbidden(reason, code="tier_limit_exceeded", fields={"max_per_day": reason})
    return {**changes, "max_per_day": None} if cap == UNLIMITED else dict(changes)


def _write_own_share(user: User, channel: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Write what belongs to the person's own row. Returns what is left for the channel's."""
    rest, own = dict(wanted), dict[str, Any]()
    if channel in OWN_SWITCHES and "enabled" in rest:
        own[OWN_SWITCHES[channel]] = rest.pop("enabled")
    if channel == "in_app":
        own |= {name: rest.pop(name) for name in _QUIET if name in rest}
        if own.get("time_zone", "") is None:
            # The zone is that of the whole person: without quiet hours it stays what it is.
            del own["time_zone"]
    if own:
        write_own(user, _filled(own, {"quiet_hours_enabled": False}), actor=user)
    return rest


def _write(user: User, channel: str, aura: Aura | None, wanted: Mapping[str, Any]) -> None:
    rows = ChannelPreference.objects.select_for_update()
    row = rows.filter(user=user, channel=channel, aura=aura).first()
    if aura is None and channel in OWN_SWITCHES and row is not None and not row.enabled:
        # The console or an import switched it off here; the person's own switch decides.
        wanted = {**wanted, "enabled": True}
    if not wanted:
        return
    is_new = row is None
    if row is None:
        row = ChannelPreference(user=user, channel=channel, aura=aura)
    changed = assign(row, _filled(wanted, {"time_zone": ""}))
    check_quiet_hours(row)
    if changed or is_new:
        row.save()
        note(user, user, row, "Preferences changed", {"fields": changed, "channel": channel})


def _filled(changes: Mapping[str, Any], unsaid: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` with what is None replaced where the column needs another word for it."""
    return {name: unsaid.get(name) if value is None else value for name, value in changes.items()}
