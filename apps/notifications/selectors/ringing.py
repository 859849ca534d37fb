"""What must be known of those who are told through other channels than the inbox."""

from collections import Counter
from collections.abc import Collection
from datetime import date, datetime

from apps.notifications.models import Presence, Tally


def told_through(user_ids: Collection[int], *, since: date) -> dict[int, Counter[tuple[str, date]]]:
    """Person → (channel, local day) → how much takes it that day. Asks nothing about nobody."""
    found: dict[int, Counter[tuple[str, date]]] = {}
    rows = Tally.objects.filter(user_id__any_of=user_ids, local_date__gte=since).exclude(channel="")
    for user_id, channel, day, count in rows.values_list(
        "user_id", "channel", "local_date", "count"
    ):
        found.setdefault(user_id, Counter())[channel, day] = count
    return found


def last_seen(user_ids: Collection[int], *, since: datetime) -> dict[int, datetime]:
    """When they were at their inbox, of those who were since then. Asks nothing about nobody."""
    rows = Presence.objects.filter(user_id__any_of=user_ids, seen_at__gt=since)
    return dict(rows.values_list("user_id", "seen_at"))
