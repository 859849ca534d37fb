"""Reads of accounts: where somebody works, whom else they see there, what they consented to."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from apps.accounts.models import Business, Client, Consent, Membership, Role, User
from apps.accounts.models.consent import NOTIFICATIONS
from apps.core.errors import Forbidden, NotFound


def business_of(user: User) -> Business:
    """The business of the oldest membership. Raises Forbidden for somebody without any."""
    business = Business.objects.filter(memberships__user=user).order_by("memberships__id").first()
    if business is None:
        raise Forbidden("You do not belong to any business")
    return business


def business_id_of(user: User | OuterRef) -> QuerySet[Membership, Any]:
    """The same as a subquery: `filter(business_id=business_id_of(user))`, NULL for nobody."""
    return Membership.objects.filter(user=user).order_by("id").values("business_id")[:1]


def names_in(business_ids: set[int]) -> set[str]:
    """What the people and the clients of these businesses are called, with their addresses."""
    people = User.objects.filter(memberships__business_id__in=business_ids)
    clients = Client.objects.filter(business_id__in=business_ids)
    names = {text for pair in people.values_list("name", "email") for text in pair}
    for name, domains in clients.values_list("name", "domains"):
        names |= {name, *domains}
    return names


def client_of(business: Business, public_id: UUID) -> Client:
    """One of the clients that are watched for this business. Raises NotFound."""
    client = Client.objects.filter(business=business, public_id=public_id).first()
    if client is None:
        raise NotFound
    return client


def is_admin(user: User) -> bool:
    """Whether somebody looks after the people of the business they work in."""
    return Membership.objects.filter(
        user=user, business_id=business_id_of(user), role=Role.ADMIN
    ).exists()


def person_seen_by(user: User, public_id: UUID) -> User | None:
    """Oneself; for an admin also whoever works in the same business. None for anybody else."""
    if public_id == user.public_id:
        return user
    if not is_admin(user):
        return None
    people = User.objects.alias(works_in=Subquery(business_id_of(OuterRef("pk"))))
    return people.filter(works_in=business_of(user).pk, public_id=public_id).first()


def latest_consents(
    user_ids: Collection[int], purposes: Collection[str]
) -> dict[tuple[int, str], Consent]:
    """(person, purpose) → what counts; whoever never spoke is left out. One query."""
    rows = (
        Consent.objects.filter(user_id__any_of=user_ids, purpose__in=purposes)
        .order_by("user_id", "purpose", "-id")
        .distinct("user_id", "purpose")
    )
    return {(row.user_id, row.purpose): row for row in rows}


def withdrawal_of(user: OuterRef) -> Exists:
    """Whether that person has withdrawn the consent to be told things: for another query's rows."""
    later = Consent.objects.filter(
        user=OuterRef("user"), purpose=OuterRef("purpose"), pk__gt=OuterRef("pk")
    )
    return Exists(
        Consent.objects.filter(~Exists(later), user=user, purpose=NOTIFICATIONS, granted=False)
    )


def has_withdrawn(user: User) -> bool:
    return User.objects.filter(withdrawal_of(OuterRef("pk")), pk=user.pk).exists()
