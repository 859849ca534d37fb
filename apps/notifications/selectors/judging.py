"""What the noise filter must know of a whole batch."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import OuterRef

from apps.accounts.models import Business, ClientAssignment, User
from apps.accounts.selectors import has_withdrawn, withdrawal_of
from apps.accounts.tiers import LIMITS, limits_of
from apps.classification.types import Urgency
from apps.notifications.models import ChannelPreference, Notification, Preference
from apps.notifications.models.preference import FIELDS, OWN_SWITCHES
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
    Told,
)

# How many of the latest notifications are compared with, and as many of what was put off before:
# a flood is when repeats come.
TOLD_LOOKBACK_ROWS = 100
# How many of the latest notifications tell when somebody reads.
READS_LOOKBACK_ROWS = 200

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
    return {
        (business, user): _effective(
            stored[user],
            channels.get(user, {}),
            tiers[business],
            Proof(needs=needs, granted=granted.get(user, ())),
        )
        for business, user in pairs
    }


def effective_of(row: Preference, business: Business, *, needs: Needs) -> PreferenceValues:
    """What `preferences_of` would find if `row`, which may be unsaved, were stored.

    Two queries, and one where a channel needs consent.
    """
    channels = _channel_preferences({row.user_id}).get(row.user_id, {})
    granted = granted_channels({row.user_id}, needs).get(row.user_id, ())
    values = {name: getattr(row, name) for name in FIELDS}
    return _effective(
        {**values, "withdrawn": has_withdrawn(row.user)},
        channels,
        business.tier,
        Proof(needs=needs, granted=granted),
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
    in_app = channels.get("in_app")
    most = (limits.notifications_per_day, in_app.max_per_day if in_app else None)
    caps = [cap for cap in most if cap is not None]
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
        max_per_day=min(caps, default=None),
        interruption_budget=row["interruption_budget"],
        assigned_clients_only=row["assigned_clients_only"],
        channels=usable,
        barred=barred,
        thresholds={
            name: row.priority_threshold for name, row in channels.items() if name != "in_app"
        },
        channel_rules={
            name: rule
            for name in usable
            if name != "in_app" and (rule := _rule(channels.get(name), row["time_zone"]))
        },
    )


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
        if (bar := _bar(name, row, chosen.get(name), in_tier) or proof.bar(name, chosen.get(name)))
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


def assignments(user_ids: set[int], client_ids: set[int]) -> frozenset[tuple[int, int]]:
    """(user, client) where that person looks after that client. Asks nothing about nobody."""
    rows = ClientAssignment.objects.filter(
        user_id__any_of=user_ids, client_id__any_of=client_ids
    ).values_list("user_id", "client_id")
    return frozenset(rows)


def told_since(user_ids: set[int], since: datetime) -> dict[int, tuple[Told, ...]]:
    """What each person was told since then or is still to be, whenever that was decided.

    At most TOLD_LOOKBACK_ROWS of what was decided since, the newest, and as many of what had been
    put off, what is due first. What was set aside is not told.
    """
    table, most = Notification._meta.db_table, TOLD_LOOKBACK_ROWS
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, told.fingerprint, extract(epoch FROM told.due_at)::float8
            FROM unnest(%s::bigint[]) AS person
            CROSS JOIN LATERAL (
                (
                    SELECT fingerprint, due_at FROM {table}
                    WHERE user_id = person AND created_at >= %s AND moot_reason = ''
                    ORDER BY created_at DESC, id DESC LIMIT %s
                ) UNION ALL (
                    SELECT fingerprint, due_at FROM {table}
                    WHERE user_id = person AND due_at > created_at
                    AND due_at >= %s AND created_at < %s AND moot_reason = ''
                    ORDER BY due_at, id DESC LIMIT %s
                )
            ) AS told
            """,  # noqa: S608  # the table's own name
            [list(user_ids), since, most, since, since, most],
        )
        found: dict[int, list[Told]] = {}
        # Thousands of moments a batch: a number becomes one fifty times faster than a text.
        for person, fingerprint, seconds in cursor.fetchall():
            at = datetime.fromtimestamp(seconds, UTC)
            found.setdefault(person, []).append(Told(fingerprint=fingerprint, at=at))
    return {person: tuple(told) for person, told in found.items()}


def reads_by_hour(zones: Mapping[int, str]) -> dict[int, tuple[int, ...]]:
    """Person → how many of their latest READS_LOOKBACK_ROWS they read in each hour of their day.

    `zones` are the IANA names of each one's zone. Who has read nothing is left out.
    """
    if not zones:
        return {}
    table = Notification._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, extract(hour FROM told.read_at AT TIME ZONE zone)::int, count(*)
            FROM unnest(%s::bigint[], %s::text[]) AS people (person, zone)
            CROSS JOIN LATERAL (
                SELECT read_at FROM {table} WHERE user_id = person
                ORDER BY created_at DESC, id DESC LIMIT %s
            ) AS told
            WHERE told.read_at IS NOT NULL GROUP BY 1, 2
            """,  # noqa: S608  # the table's own name
            [list(zones), list(zones.values()), READS_LOOKBACK_ROWS],
        )
        found: dict[int, list[int]] = {}
        for person, hour, count in cursor.fetchall():
            found.setdefault(person, [0] * 24)[hour] = count
    return {person: tuple(counts) for person, counts in found.items()}
