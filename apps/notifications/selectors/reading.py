"""What one person may see. Every query is bound to the person and to their business."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of
from apps.classification.models import Classification, Insight
from apps.classification.selectors import insight_of
from apps.ingestion.models import Event, RawEvent
from apps.ingestion.selectors import owners_of
from apps.notifications.engines.masking import without_code
from apps.notifications.models import (
    Decision,
    Delivery,
    DigestItem,
    Notification,
    Preference,
)

# Nobody judges a repeated event again: its code is the one found in the first.
_CODE = Coalesce("classification__code", "duplicate_of__classification__code")


def visible_events(user: User) -> QuerySet[Event]:
    """A person's own events and those of the whole business; never a colleague's."""
    return Event.objects.filter(Q(user=user) | Q(user=None), business_id=business_id_of(user))


def visible_notifications(user: User) -> QuerySet[Notification]:
    """What this person was told, or is about to be."""
    return Notification.objects.filter(user=user, business_id=business_id_of(user))


def history(user: User) -> QuerySet[Notification]:
    """`visible_notifications` newest first, with the public id of their event as `event_ref`."""
    return (
        visible_notifications(user)
        .annotate(event_ref=F("event__public_id"))
        .order_by("-created_at", "-id")
    )


def event_rows(user: User) -> QuerySet[Event]:
    """`visible_events` newest first, for a list: without contents, with verdict and outcome.

    Adds `urgency`, `category`, `outcome` (this person's), `duplicate_ref` and `code`, each None
    where there is none.
    """
    own = Decision.objects.filter(event=OuterRef("pk"), user=user)
    return (
        visible_events(user)
        .defer("content", "details")
        .annotate(
            urgency=F("classification__urgency"),
            category=F("classification__category"),
            code=_CODE,
            outcome=Subquery(own.values("outcome")[:1]),
            duplicate_ref=F("duplicate_of__public_id"),
        )
        .order_by("-id")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierEvent:
    """The one before in a thread. A one-time code in its title is masked."""

    public_id: UUID
    title: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTrace:
    """One event with everything that became of it for one person.

    `event` also has `duplicate_ref`, `duplicate_count`, `code` and `previous_code`; its body
    stays away.
    """

    event: Event
    decision: Decision | None
    notification: Notification | None

    @property
    def classification(self) -> Classification | None:
        return getattr(self.event, "classification", None)

    @property
    def insight(self) -> Insight | None:
        return insight_of(self.event)

    @property
    def title(self) -> str:
        """Like `content`, with a one-time code masked: a trace explains, it does not tell."""
        return without_code(self.event.title, self._code)

    @property
    def content(self) -> str:
        return without_code(self.event.content, self._code)

    @property
    def previous(self) -> EarlierEvent | None:
        earlier = self.event.previous
        if earlier is None:
            return None
        return EarlierEvent(
            public_id=earlier.public_id,
            title=without_code(earlier.title, getattr(self.event, "previous_code", None)),
            received_at=earlier.received_at,
        )

    @property
    def deliveries(self) -> list[Delivery]:
        return deliveries_of(self.notification) if self.notification else []

    @property
    def _code(self) -> str | None:
        return getattr(self.event, "code", None)


def event_trace(user: User, public_id: UUID) -> EventTrace | None:
    """None for an event that does not exist or is not this person's to see. Seven queries."""
    event = (
        visible_events(user)
        .select_related("raw_event", "source", "client", "previous", "classification", "insight")
        .defer("raw_event__body", "previous__content", "previous__details")
        .annotate(
            duplicate_ref=F("duplicate_of__public_id"),
            duplicate_count=Count("duplicates"),
            code=_CODE,
            previous_code=F("previous__classification__code"),
        )
        .filter(public_id=public_id)
        .first()
    )
    if event is None:
        return None
    return EventTrace(
        event=event,
        decision=Decision.objects.filter(event=event, user=user).first(),
        notification=history(user).filter(event=event).prefetch_related(*with_deliveries()).first(),
    )


def with_deliveries(of: str = "") -> list[Prefetch[str, Any]]:
    """To prefetch what `deliveries_of` reads; `of` leads to the notification ("notification__")."""
    deliveries = Delivery.objects.order_by("id").prefetch_related("attempts")
    items = (
        DigestItem.objects.filter(place=DigestItem.Place.TOLD)
        .select_related("digest")
        .defer("digest__title", "digest__body")
        .order_by("id")
    )
    return [
        Prefetch(f"{of}deliveries", queryset=deliveries),
        Prefetch(f"{of}digest_items", queryset=items),
        Prefetch(f"{of}digest_items__digest__deliveries", queryset=deliveries),
    ]


def deliveries_of(notification: Notification) -> list[Delivery]:
    """Its own, or those of the digests that told it."""
    taken_along = (item.digest for item in notification.digest_items.all())
    return [
        *notification.deliveries.all(),
        *(delivery for digest in taken_along for delivery in digest.deliveries.all()),
    ]


def unprocessed(user: User, public_id: UUID) -> RawEvent | None:
    """An accepted body that is no event (yet), for its linked person and the business's staff."""
    raw = (
        RawEvent.objects.filter(
            correlation_id=public_id, business_id=business_id_of(user), events=None
        )
        .select_related("source")
        .defer("body")
        .first()
    )
    if raw is None or user.is_staff or _is_linked(user, raw):
        return raw
    return None


def _is_linked(user: User, raw: RawEvent) -> bool:
    owners = owners_of({(raw.business_id, account) for account in raw.accounts})
    return user.pk in {owner for owner, _ in owners.values()}


def preference_of(user: User) -> Preference:
    """The stored row, or an unsaved one with the defaults, in the person's own zone."""
    stored = Preference.objects.filter(user=user).first()
    return stored or Preference(user=user, time_zone=user.time_zone)
