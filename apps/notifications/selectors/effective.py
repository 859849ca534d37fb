"""Preferences as they take effect: with the tier's limits, and which channels are barred."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.conf import settings
from django.db.models import OuterRef

from apps.accounts.models import Business, User
from apps.accounts.selectors import has_withdrawn, withdrawal_of
from apps.accounts.tiers import LIMITS, limits_of
from apps.classification.types import Urgency
from apps.notifications.models import ChannelPreference, Preference
from apps.notifications.models.preference import FIELDS, OWN_SWITCHES
from apps.notifications.selectors.addresses import address_bars
from apps.notifications.selectors.consenting import Proof, granted_channels
from apps.notifications.types import (
    Bar,
    BarredChannel,
    ChannelRule,
    Frequency,
    Needs,
    PreferenceValues,
    QuietHoursPolicy,
    QuietRange,
)

# Tiers say nothing of any other channel.
_TIERED = frozenset(channel for limits in LIMITS.values() for channel in limits.channels)


def preferences_of(
    pairs: set[tuple[int, int]], *, needs: Needs
) -> dict[tuple[int, int], PreferenceValues]:
    """(business, user) → effective preferences, with the tier's limits worked in.

    `needs` are those of the channels in use.
    """
    user_ids = {user_id for _, user_id in pairs}
    stored = _stored_preferences(user_ids)
    channels = _channel_preferences(user_ids)
    businesses = Business.objects.filter(id__in={business for business, _ in pairs})
    tiers = dict(businesses.values_list("id", "tier"))
    granted = granted_channels(user_ids, needs)
    unreached = address_bars(user_ids, needs)
    return {
        (business, user): _effective(
            stored[user],
            channels.get(user, {}),
            tiers[business],
            Proof(needs=needs, granted=granted.get(user, ()), unreached=unreached.get(user, {})),
        )
        for business, user in pairs
    }


def effective_of(row: Preference, business: Business, *, needs: Needs) -> PreferenceValues:
    """What `preferences_of` would find if `row`, which may be unsaved, were stored.

    Two queries, and more where a channel needs consent or an address.
    """
    channels = _channel_preferences({row.user_id}).get(row.user_id, {})
    granted = granted_channels({row.user_id}, needs).get(row.user_id, ())
    unreached = address_bars({row.user_id}, needs).get(row.user_id, {})
    values = {name: getattr(row, name) for name in FIELDS}
    return _effective(
        {**values, "withdrawn": has_withdrawn(row.user)},
        channels,
        business.tier,
        Proof(needs=needs, granted=granted, unreached=unreached),
    )


def _stored_preferences(user_ids: set[int]) -> dict[int, dict[str, Any]]:
    """Everybody's own settings; the defaults, in their own zone, of those who never set any."""
    rows = (
        Preference.objects.filter(user_id__any_of=user_ids)
        .annotate(withdrawn=withdrawal_of(OuterRef("user_id")))
        .values("user_id", "withdrawn", *FIELDS)
    )
    stored = {row.pop("user_id"): row for row in rows}
    people = User.objects.filter(id__any_of=user_ids - stored.keys())
    without = people.values_list("id", "time_zone", withdrawal_of(OuterRef("pk")))
    return stored | {
        user: {**_DEFAULTS, "time_zone": zone, "withdrawn": withdrawn}
        for user, zone, withdrawn in without
    }


_DEFAULTS = {name: getattr(Preference(), name) for name in FIELDS}


def _channel_preferences(user_ids: set[int]) -> dict[int, dict[str, ChannelPreference]]:
    rows = ChannelPreference.objects.filter(user_id__any_of=user_ids, aura=None)
    found: dict[int, dict[str, ChannelPreference]] = {}
    for row in rows:
        found.setdefault(row.user_id, {})[row.channel] = row
    return found


def _effective(
    row: dict[str, Any], channels: dict[str, ChannelPreference], tier: str, proof: Proof
) -> PreferenceValues:
    limits = limits_of(tier)
    usable, barred = _channels(row, channels, limits.channels, proof)
    return PreferenceValues(
        consented=not row["withdrawn"],
        enabled=row["enabled"],
        min_urgency=Urgency(row["min_urgency"]),
        relevance_threshold=row["relevance_threshold"],
        categories=None if row["categories"] is None else tuple(row["categories"]),
        frequency=Frequency(row["frequency"]),
        digest_time=row["digest_time"],
        digest_weekday=row["digest_weekday"],
        quiet_hours_enabled=row["quiet_hours_enabled"],
        quiet_start=row["quiet_start"],
        quiet_end=row["quiet_end"],
        quiet_policy=QuietHoursPolicy(row["quiet_policy"]),
        quiet_ranges=tuple(map(_quiet_range, row["quiet_ranges"])),
        time_zone=row["time_zone"],
        max_per_day=_most_a_day(limits.notifications_per_day, channels.get("in_app")),
        interruption_budget=row["interruption_budget"],
        assigned_clients_only=row["assigned_clients_only"],
        channels=usable,
        barred=barred,
        thresholds={
            name: row.priority_threshold
            for name, row in channels.items()
            if name != "in_app" and row.priority_threshold is not None
        },
        muted_topics={
            name: tuple(row.muted_topics)
            for name, row in channels.items()
            if row.muted_topics and name != "in_app"
        },
        channel_rules=_rules(usable, channels, row["time_zone"]),
        channel_order=tuple(row["channel_order"]),
        escalation_minutes=row["escalation_minutes"],
    )


def _most_a_day(in_tier: int | None, in_app: ChannelPreference | None) -> int | None:
    caps = (in_tier, in_app.max_per_day if in_app else None)
    return min((cap for cap in caps if cap is not None), default=None)


def _rules(
    usable: tuple[str, ...], chosen: Mapping[str, ChannelPreference], own_zone: str
) -> dict[str, ChannelRule]:
    return {
        name: rule
        for name in usable
        if name != "in_app" and (rule := _rule(chosen.get(name), own_zone))
    }


def _rule(chosen: ChannelPreference | None, own_zone: str) -> ChannelRule | None:
    """None where nothing but the person's own holds for the channel."""
    if chosen is None or not (chosen.quiet_hours_enabled or chosen.max_per_day is not None):
        return None
    quiet = bool(chosen.quiet_hours_enabled)
    return ChannelRule(
        quiet_start=chosen.quiet_start if quiet else None,
        quiet_end=chosen.quiet_end if quiet else None,
        time_zone=chosen.time_zone or own_zone,
        max_per_day=chosen.max_per_day,
    )


def _channels(
    row: Mapping[str, Any],
    chosen: Mapping[str, ChannelPreference],
    in_tier: tuple[str, ...],
    proof: Proof,
) -> tuple[tuple[str, ...], tuple[BarredChannel, ...]]:
    """Which channels may be used, and why the others may not.

    Without the inbox there are none: the others ring for what lies in it.
    """
    bars = {
        name: bar
        for name in ("in_app", *settings.EXTRA_CHANNELS)
        if (bar := _bar(name, row, chosen.get(name), in_tier) or proof.bar(name))
    }
    barred = tuple(BarredChannel(name=name, bar=bar) for name, bar in bars.items())
    if "in_app" in bars:
        return (), barred
    return tuple(n for n in ("in_app", *settings.EXTRA_CHANNELS) if n not in bars), barred


def _bar(
    name: str, row: Mapping[str, Any], chosen: ChannelPreference | None, in_tier: tuple[str, ...]
) -> Bar | None:
    if name in _TIERED and name not in in_tier:
        return Bar.TIER
    # The inbox's own switch is `enabled`, which is asked before and says so more plainly.
    if name != "in_app" and name in OWN_SWITCHES and not row[OWN_SWITCHES[name]]:
        return Bar.OFF
    return Bar.OFF if chosen is not None and not chosen.enabled else None


def _quiet_range(stored: Mapping[str, Any]) -> QuietRange:
    return QuietRange(
        days=tuple(stored["days"]),
        start=time.fromisoformat(stored["start"]),
        end=time.fromisoformat(stored["end"]),
    )
