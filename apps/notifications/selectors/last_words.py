"""What somebody was told last of a thing that changes."""

from datetime import datetime

from django.db.models import F, Q

from apps.ingestion.engines.sameness import thing_of
from apps.ingestion.types import EventKind
from apps.notifications.models import Notification

# A business and one of its people.
Pair = tuple[int, int]


def last_words(things: set[tuple[int, str]], since: datetime) -> dict[Pair, dict[str, int]]:
    """(business, person) → meeting → the fingerprint of what they were told of it last since then.

    What was put off is told when it is due, and what was set aside is not told; that a meeting
    begins soon is no word of it. `things` are (person, meeting). One query, and none where there
    are no meetings.
    """
    if not things:
        return {}
    rows = (
        Notification.objects.filter(
            Q(created_at__gte=since) | Q(due_at__gt=F("created_at"), due_at__gte=since),
            user_id__any_of={user for user, _ in things},
            moot_reason="",
            event__kind=EventKind.CALENDAR,
            event__external_id__any_of={thing for _, thing in things},
        )
        .order_by("created_at", "id")
        .values_list(
            "business_id", "user_id", "event__external_id", "event__details", "fingerprint"
        )
    )
    found: dict[Pair, dict[str, int]] = {}
    for business, user, meeting, details, fingerprint in rows:
        change = (details.get("attributes") or {}).get("change")
        if thing := thing_of(EventKind.CALENDAR, meeting, change):
            found.setdefault((business, user), {})[thing] = fingerprint
    return found
