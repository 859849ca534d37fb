"""One person's inbox: pages of it, what was held back, and what a live connection has missed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery

from apps.accounts.models import User
from apps.accounts.selectors import business_id_of
from apps.notifications.engines.cursor import Cursor
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Decision, Delivery, Digest, DigestItem, Feedback, Notification
from apps.notifications.selectors.entries import (
    EVENT_FIELDS,
    INSIGHT_FIELDS,
    VERDICT_FIELDS,
    WHY_FIELDS,
    Entry,
    Held,
    entry_of,
    held_of,
)
from apps.notifications.selectors.proposals import OPINIONS
from apps.notifications.selectors.reading import visible_notifications
from apps.notifications.types import Outcome

PAGE_ROWS = 30
HELD_BACK_HOURS = 24
NEWS_ROWS = 100

Row = TypeVar("Row", bound=Model)
Status = Notification.Status

# What is put off may be put off once more, or be let go: its row says when it is due.
_ON_ITS_WAY = Delivery.objects.filter(
    notification__decision=OuterRef("pk"), channel=INBOX, state=Delivery.State.PENDING
)

# Told at once, and snoozed by its reader since then.
_PUT_OFF = Q(outcome=Outcome.NOTIFY_NOW, notification__status=Status.QUEUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Newest first. `older` is where the next page begins, None on the last one."""

    entries: tuple[Entry, ...]
    older: Cursor | None
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    held: tuple[Held, ...]
    older: Cursor | None
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed for somebody, oldest first; at most NEWS_ROWS of each kind."""

    arrived: tuple[Entry, ...]
    read: tuple[Cursor, ...]
    unread: int


def inbox_page(user: User, *, unread_only: bool, before: Cursor | None) -> InboxPage:
    rows = _entries(user).order_by("-delivered_at", "-public_id")
    if unread_only:
        rows = rows.filter(status=Status.DELIVERED)
    shown, older = _page(_before(rows, "delivered_at", before))
    entries = tuple(entry_of(row) for row in shown)
    return InboxPage(
        entries=entries,
        older=entries[-1].cursor if older else None,
        unread=unread_count(user),
    )


def inbox_entry(user: User, public_id: UUID) -> Entry | None:
    """One of them by itself; None for what is not, or no longer, in this person's inbox."""
    row = _entries(user).filter(public_id=public_id).first()
    return entry_of(row) if row else None


def held_page(user: User, *, before: Cursor | None, now: datetime) -> HeldPage:
    """What did not interrupt in the last HELD_BACK_HOURS, newest first."""
    rows = (
        Decision.objects.filter(
            _PUT_OFF | Q(outcome__in=[Outcome.DROP, Outcome.DIGEST, Outcome.DEFER]),
            user=user,
            event__business_id=business_id_of(user),
            created_at__gte=now - timedelta(hours=HELD_BACK_HOURS),
        )
        .select_related("event__classification", "event__insight", "notification")
        .only(
            *WHY_FIELDS,
            *(f"event__{name}" for name in EVENT_FIELDS),
            *(f"event__classification__{name}" for name in VERDICT_FIELDS),
            *(f"event__insight__{name}" for name in INSIGHT_FIELDS),
            "notification__delivered_at",
            "notification__moot_reason",
        )
        .annotate(waits_until=Subquery(_ON_ITS_WAY.values("due_at")[:1]))
        .order_by("-created_at", "-public_id")
    )
    shown, older = _page(_before(rows, "created_at", before))
    held = tuple(held_of(row) for row in shown)
    return HeldPage(held=held, older=held[-1].cursor if older else None, unread=unread_count(user))


def news(
    user: User,
    *,
    arrived_since: datetime,
    known: Collection[UUID],
    read_since: datetime,
    known_read: Collection[UUID],
) -> News:
    """What entered the inbox and what was read since then, without what is known already."""
    arrived = (
        _entries(user)
        .filter(delivered_at__gte=arrived_since)
        .exclude(public_id__in=known)
        .order_by("delivered_at", "public_id")[:NEWS_ROWS]
    )
    read = (
        visible_notifications(user)
        .filter(read_at__gte=read_since)
        .exclude(public_id__in=known_read)
        .order_by("read_at", "public_id")
        .values_list("read_at", "public_id")[:NEWS_ROWS]
    )
    return News(
        arrived=tuple(entry_of(row) for row in arrived),
        read=tuple(Cursor(at=at, public_id=key) for at, key in read if at is not None),
        unread=unread_count(user),
    )


def away_lines(user: User, *, now: datetime) -> list[Digest]:
    """The digests of the last HELD_BACK_HOURS that say what was not told in the end."""
    return list(
        Digest.objects.filter(
            user=user,
            business_id=business_id_of(user),
            channel="in_app",
            created_at__gte=now - timedelta(hours=HELD_BACK_HOURS),
        )
        .exclude(counts__moot={})
        .defer("title", "body")
        .order_by("-id")
    )


def unread_count(user: User) -> int:
    return visible_notifications(user).filter(status=Status.DELIVERED).count()


def _entries(user: User) -> QuerySet[Notification]:
    """What is in the inbox, read or not, with what explains it and what was said of it."""
    said = Feedback.objects.filter(
        user=OuterRef("user"), event=OuterRef("event"), kind__in=OPINIONS
    ).order_by("-id")
    return (
        visible_notifications(user)
        .filter(status__in=[Status.DELIVERED, Status.READ], delivered_at__isnull=False)
        .select_related("decision", "event__classification", "event__insight")
        .only(
            *("public_id", "title", "body", "category", "priority", "status"),
            *("delivered_at", "read_at"),
            *(f"decision__{name}" for name in WHY_FIELDS),
            *(f"event__{name}" for name in EVENT_FIELDS),
            *(f"event__classification__{name}" for name in VERDICT_FIELDS),
            *(f"event__insight__{name}" for name in INSIGHT_FIELDS),
        )
        .annotate(
            in_digest=Exists(
                DigestItem.objects.filter(notification=OuterRef("pk"), channel="in_app")
            ),
            said=Subquery(said.values("kind")[:1]),
        )
    )


def _before(rows: QuerySet[Row], moment: str, cursor: Cursor | None) -> QuerySet[Row]:
    """Rows that are sorted behind `cursor`, newest first by `moment` and public id."""
    if cursor is None:
        return rows
    same = Q(**{moment: cursor.at}, public_id__lt=cursor.public_id)
    return rows.filter(Q(**{f"{moment}__lt": cursor.at}) | same)


def _page(rows: QuerySet[Row]) -> tuple[list[Row], bool]:
    """The rows of one page, and whether there are more."""
    found = list(rows[: PAGE_ROWS + 1])
    return found[:PAGE_ROWS], len(found) > PAGE_ROWS
