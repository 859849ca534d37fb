"""What somebody has been told lately, as inhibitions look at it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from apps.notifications.models import Notification
from apps.notifications.selectors.senders import sender_indexes
from apps.rules.engines.silences import matches
from apps.rules.selectors import Inhibitions
from apps.rules.types import Fired, Subject

# How many of the latest notifications may inhibit: more than anybody is told in a day.
FIRED_LOOKBACK_ROWS = 200

_SUBJECT = (
    "category",
    "priority",
    "event__event_type",
    "event__client_id",
    "event__thread_key",
    "event__sender_index",
    "event__sender_address",
)


def fired_since(
    pairs: set[tuple[int, int]], inhibitions: Inhibitions, since: datetime
) -> dict[tuple[int, int], list[Fired]]:
    """(business, user) → what they were told there since then and could inhibit, oldest first.

    At most FIRED_LOOKBACK_ROWS of what they were told are looked at. Nobody's inhibitions, no
    query.
    """
    rules = {pair: found for pair in pairs if (found := inhibitions.for_person(*pair))}
    fired: dict[tuple[int, int], list[Fired]] = {}
    for pair, one in _told_since(set(rules), since):
        if any(matches(inhibition.source, one.subject) for inhibition in rules.get(pair, ())):
            fired.setdefault(pair, []).append(one)
    return fired


def _told_since(
    pairs: set[tuple[int, int]], since: datetime
) -> Iterator[tuple[tuple[int, int], Fired]]:
    if not pairs:
        return
    place = Window(
        RowNumber(),
        partition_by=[F("business_id"), F("user_id")],
        order_by=[F("created_at").desc(), F("id").desc()],
    )
    rows = (
        Notification.objects.filter(
            business_id__any_of={business for business, _ in pairs},
            user_id__any_of={user for _, user in pairs},
            created_at__gte=since,
        )
        .annotate(place=place)
        .filter(place__lte=FIRED_LOOKBACK_ROWS)
        .order_by("created_at", "id")
        .values_list("business_id", "user_id", "created_at", *_SUBJECT)
    )
    for business, user, at, *words in rows:
        yield (business, user), Fired(subject=_subject(*words), at=at)


def _subject(
    category: str,
    priority: int,
    event_type: str,
    client_id: int | None,
    thread: str,
    index: Any,
    address: str,
) -> Subject:
    return Subject(
        category=category,
        event_type=event_type,
        priority=priority,
        client_id=client_id,
        senders=sender_indexes(None if index is None else bytes(index), address),
        thread=thread,
    )
