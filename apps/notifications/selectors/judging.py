"""What the noise filter must know of a whole batch."""

from datetime import datetime

from django.conf import settings
from django.db import connection

from apps.accounts.models import Business, User
from apps.accounts.tiers import limits_of
from apps.classification.types import Urgency
from apps.notifications.models import ChannelPreference, Notification, Preference, Tally
from apps.notifications.types import Frequency, PreferenceValues, QuietHoursPolicy, Told

# How many of the latest notifications are compared with: more than anybody reads in the window.
TOLD_LOOKBACK_ROWS = 20


def preferences_of(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], PreferenceValues]:
    """(business, user) → effective preferences, with the tier's limits worked in."""
    user_ids = {user_id for _, user_id in pairs}
    people = User.objects.filter(id__in=user_ids).select_related("preference")
    stored = {person.pk: _preference_of(person) for person in people}
    channels = _channel_preferences(user_ids)
    tiers = dict(
        Business.objects.filter(id__in={business for business, _ in pairs}).values_list(
            "id", "tier"
        )
    )
    return {
        (business, user): _effective(stored[user], channels.get(user, {}), tiers[business])
        for business, user in pairs
    }


def _preference_of(person: User) -> Preference:
    """Their row; the defaults in their own zone where they never set any."""
    stored: Preference | None = getattr(person, "preference", None)
    return stored or Preference(time_zone=person.time_zone)


def _channel_preferences(user_ids: set[int]) -> dict[int, dict[str, ChannelPreference]]:
    rows = ChannelPreference.objects.filter(user_id__in=user_ids, aura=None)
    found: dict[int, dict[str, ChannelPreference]] = {}
    for row in rows:
        found.setdefault(row.user_id, {})[row.channel] = row
    return found


def _effective(
    row: Preference, channels: dict[str, ChannelPreference], tier: str
) -> PreferenceValues:
    limits = limits_of(tier)
    in_app = channels.get("in_app")
    caps = [cap for cap in (limits.notifications_per_day, in_app and in_app.max_per_day) if cap]
    return PreferenceValues(
        enabled=row.enabled and (in_app is None or in_app.enabled),
        min_urgency=Urgency(row.min_urgency),
        relevance_threshold=row.relevance_threshold,
        categories=None if row.categories is None else tuple(row.categories),
        frequency=Frequency(row.frequency),
        digest_time=row.digest_time,
        digest_weekday=row.digest_weekday,
        quiet_hours_enabled=row.quiet_hours_enabled,
        quiet_start=row.quiet_start,
        quiet_end=row.quiet_end,
        quiet_policy=QuietHoursPolicy(row.quiet_policy),
        time_zone=row.time_zone,
        max_per_day=min(caps, default=None),
        channels=("in_app", *settings.EXTRA_CHANNELS),
    )


def told_since(user_ids: set[int], since: datetime) -> dict[int, tuple[Told, ...]]:
    """What each person was told since then, newest first, at most TOLD_LOOKBACK_ROWS."""
    table = Notification._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT person, told.fingerprint, told.due_at
            FROM unnest(%s::bigint[]) AS person
            CROSS JOIN LATERAL (
                SELECT fingerprint, due_at FROM {table}
                WHERE user_id = person AND created_at >= %s
                ORDER BY created_at DESC, id DESC LIMIT %s
            ) AS told
            """,  # noqa: S608  # the table's own name
            [list(user_ids), since, TOLD_LOOKBACK_ROWS],
        )
        found: dict[int, list[Told]] = {}
        for person, fingerprint, due_at in cursor.fetchall():
            found.setdefault(person, []).append(Told(fingerprint=fingerprint, at=due_at))
    return {person: tuple(told) for person, told in found.items()}


def latest_tallies(user_ids: set[int]) -> dict[int, Tally]:
    """Each person's most recent day with an interruption."""
    rows = (
        Tally.objects.filter(user_id__in=user_ids)
        .order_by("user_id", "-local_date")
        .distinct("user_id")
    )
    return {row.user_id: row for row in rows}
