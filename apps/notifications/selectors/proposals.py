"""What proposals are learned from, and the proposals themselves."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TypeAlias

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Business, Membership, User
from apps.accounts.selectors import business_id_of
from apps.classification.types import Category, Urgency
from apps.notifications.engines.doubting import Opinion
from apps.notifications.engines.learning import Key
from apps.notifications.engines.opinions import Counts, Heard
from apps.notifications.models import Feedback, Proposal
from apps.notifications.selectors.reading import visible_notifications
from apps.notifications.selectors.senders import sender_indexes
from apps.notifications.types import ProposalKind
from apps.rules import selectors as rules
from apps.rules.types import Subject

Kind = Feedback.Kind
DISMISSALS = (Kind.DISMISSED, Kind.LESS_LIKE_THIS)
OPINIONS = (Kind.HELPFUL, *DISMISSALS)
# What was accepted can be undone on the page for so long, and through the API at any time.
UNDO_SHOWN = timedelta(days=1)

_MAY_BE_DOUBTED = (Proposal.Status.ACCEPTED, Proposal.Status.DOUBTED)

# Of what somebody was told: category, urgency, sender, and whether a VIP sent it.
_Place: TypeAlias = tuple[Category, Urgency, bytes | None, bool]
_PLACE = ("category", "priority", "event__sender_index", "event__classification__vip")


def heard_by(user: User, business: Business, *, since: datetime, now: datetime) -> list[Heard]:
    """What `user` was told since then, and what they said of it; empty where they said nothing."""
    said = _said(user, since)
    if not said:
        return []
    told, read = _told(user, since)
    addresses = addresses_of(user, {place[2] for place, _ in said if place[2]}, since=since)
    vips = vip_senders(user, business, addresses)
    silences = rules.silences({business.pk}, {user.pk}, now=now)

    def is_silenced(category: Category, urgency: Urgency, sender: bytes | None) -> bool:
        senders = sender_indexes(sender, addresses.get(sender, "")) if sender else ()
        subject = Subject(
            category=category.value, event_type="", priority=urgency.floor, senders=senders
        )
        return silences.silence_for(business.pk, user.pk, subject) is not None

    return [
        Heard(
            category=place[0],
            urgency=place[1],
            sender_index=place[2],
            vip=place[3] or place[2] in vips,
            silenced=bool(silences) and is_silenced(*place[:3]),
            counts=_counts(place, told, read, said),
        )
        for place in told
    ]


def _counts(
    place: _Place,
    told: Counter[_Place],
    read: Counter[_Place],
    said: Counter[tuple[_Place, Kind]],
) -> Counts:
    return Counts(
        told=told[place],
        read=read[place],
        helpful=said[place, Kind.HELPFUL],
        dismissed=said[place, Kind.DISMISSED],
        less_like_this=said[place, Kind.LESS_LIKE_THIS],
    )


def opinions_of(user: User, *, since: datetime) -> list[Opinion]:
    """What `user` said of each thing that they were told since then."""
    return [
        Opinion(
            told_at=told_at,
            heard=Heard(
                category=place[0],
                urgency=place[1],
                sender_index=place[2],
                vip=place[3],
                counts=Counts(
                    helpful=int(kind == Kind.HELPFUL),
                    dismissed=int(kind == Kind.DISMISSED),
                    less_like_this=int(kind == Kind.LESS_LIKE_THIS),
                ),
            ),
        )
        for told_at, place, kind in _dated(user, since)
    ]


def _said(user: User, since: datetime) -> Counter[tuple[_Place, Kind]]:
    return Counter((place, kind) for _, place, kind in _dated(user, since))


def _dated(user: User, since: datetime) -> list[tuple[datetime, _Place, Kind]]:
    """When each thing was made known, and one opinion of it: of several the first of OPINIONS."""
    rows = (
        Feedback.objects.filter(
            user=user,
            business_id=business_id_of(user),
            kind__in=OPINIONS,
            created_at__gte=since,
            notification__created_at__gte=since,
            notification__delivered_at__isnull=False,
        )
        .order_by("id")
        .values_list(
            "event_id",
            "kind",
            "notification__created_at",
            *(f"notification__{name}" for name in _PLACE),
        )
    )
    opinions: dict[int, tuple[datetime, _Place, Kind]] = {}
    for event_id, kind, told_at, *place in rows:
        one = (told_at, _place(*place), Kind(kind))
        known = opinions.get(event_id, one)
        opinions[event_id] = min(one, known, key=lambda said: OPINIONS.index(said[2]))
    return list(opinions.values())


def _told(user: User, since: datetime) -> tuple[Counter[_Place], Counter[_Place]]:
    """How much reached them, and how much of that they read."""
    rows = (
        visible_notifications(user)
        .filter(created_at__gte=since, delivered_at__isnull=False)
        .order_by()
        .values(*_PLACE)
        .annotate(told=Count("id"), read=Count("id", filter=Q(read_at__isnull=False)))
        .values_list("told", "read", *_PLACE)
    )
    told, read = Counter[_Place](), Counter[_Place]()
    for count, count_read, *names in rows:
        place = _place(*names)
        told[place] += count
        read[place] += count_read
    return told, read


def _place(category: str, priority: int, sender: bytes | None, vip: bool | None) -> _Place:
    index = None if sender is None else bytes(sender)
    return Category(category), Urgency.of(priority), index, bool(vip)


def addresses_of(user: User, senders: Collection[bytes], *, since: datetime) -> dict[bytes, str]:
    """Sender's blind index → their address, of whom `user` was told something since then."""
    rows = (
        visible_notifications(user)
        .filter(created_at__gte=since, event__sender_index__any_of=list(senders))
        .order_by("event__sender_index", "-id")
        .distinct("event__sender_index")
        .values_list("event__sender_index", "event__sender_address")
    )
    return {bytes(index): address for index, address in rows if index is not None}


def vip_senders(user: User, business: Business, addresses: dict[bytes, str]) -> frozenset[bytes]:
    """Which of these senders are on `user`'s list of VIPs or on the shared one today."""
    indexes = {sender: sender_indexes(sender, address) for sender, address in addresses.items()}
    asked = {index for found in indexes.values() for index in found}
    listed = {
        index for _, owner, index in rules.vips({business.pk}, asked) if owner in (None, user.pk)
    }
    return frozenset(sender for sender, found in indexes.items() if listed & set(found))


def visible_proposals(user: User) -> QuerySet[Proposal]:
    """What this person was ever offered, newest first."""
    return Proposal.objects.filter(user=user, business_id=business_id_of(user)).order_by("-id")


def open_proposals(user: User) -> QuerySet[Proposal]:
    return visible_proposals(user).filter(status=Proposal.Status.OPEN)


def asked_proposals(user: User) -> QuerySet[Proposal]:
    """What waits for their answer: the open ones, and changes that have proved wrong."""
    return visible_proposals(user).filter(status__in=Proposal.ASKED)


def accepted_proposals(user: User) -> QuerySet[Proposal]:
    """Changes that hold, but for those that were kept when they were doubted."""
    return visible_proposals(user).filter(status__in=_MAY_BE_DOUBTED)


def resting_keys(user: User, *, since: datetime) -> frozenset[Key]:
    """What they decided about since then."""
    return frozenset(map(key_of, visible_proposals(user).filter(decided_at__gte=since)))


def key_of(row: Proposal) -> Key:
    index = None if row.sender_index is None else bytes(row.sender_index)
    return ProposalKind(row.kind), row.category, index


def shown_proposals(user: User, *, now: datetime) -> list[Proposal]:
    """What the inbox asks, and what was accepted lately and can be undone there."""
    accepted = Q(status=Proposal.Status.ACCEPTED, decided_at__gte=now - UNDO_SHOWN)
    return list(visible_proposals(user).filter(Q(status__in=Proposal.ASKED) | accepted))


def people_to_learn_from(*, since: datetime, after: int, limit: int) -> list[User]:
    """Who dismissed something since then, was offered something or accepted it, by their keys. All
    tenants."""
    dismissals = Feedback.objects.filter(
        user=OuterRef("pk"), kind__in=DISMISSALS, created_at__gte=since
    )
    offered = Proposal.objects.filter(
        user=OuterRef("pk"), status__in=(Proposal.Status.OPEN, *_MAY_BE_DOUBTED)
    )
    employed = Membership.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(
        Exists(dismissals) | Exists(offered), Exists(employed), is_active=True, pk__gt=after
    )
    return list(people.order_by("pk")[:limit])
