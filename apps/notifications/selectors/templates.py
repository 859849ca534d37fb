"""The templates that may word what is sent, read once for many messages."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q

from apps.notifications.engines.wording_rules import Slot, closest, pick
from apps.notifications.models import MessageTemplate, Notification


class Templates:
    """Those of some businesses, and everybody's."""

    def __init__(self, rows: Sequence[MessageTemplate]) -> None:
        self._slots: dict[Slot, dict[str, MessageTemplate]] = {}
        for row in rows:
            slot = Slot(business_id=row.business_id, channel=row.channel, category=row.category)
            self._slots.setdefault(slot, {})[row.variant] = row

    def find(
        self, *, business_id: int, channel: str, category: str, user_id: int
    ) -> MessageTemplate | None:
        """The one that words it for this person; None where none fits."""
        slot = closest([*self._slots], business_id, channel, category)
        if slot is None:
            return None
        variants = self._slots[slot]
        seed = f"{slot.business_id}:{slot.channel}:{slot.category}:{user_id}"
        return variants[pick({name: row.weight for name, row in variants.items()}, seed)]


def templates_of(business_ids: Collection[int]) -> Templates:
    """One query."""
    theirs = Q(business=None) | Q(business_id__in=business_ids)
    return Templates(list(MessageTemplate.objects.filter(theirs, active=True)))


def told_of_event(
    event: UUID | None, *, business_id: int | None, category: str
) -> Notification | None:
    """What somebody was told of an event, or the last thing that was told at all.

    For operators: of `business_id` alone where it is given, and so of `category`.
    """
    rows = Notification.objects.select_related("event")
    if business_id is not None:
        rows = rows.filter(business_id=business_id)
    if event is not None:
        rows = rows.filter(event__public_id=event)
    elif category:
        rows = rows.filter(category=category)
    return rows.order_by("-id").first()
