"""Reads of accounts: in which business somebody works."""

from typing import Any

from django.db.models import OuterRef, QuerySet

from apps.accounts.models import Business, Membership, User
from apps.core.errors import Forbidden


def business_of(user: User) -> Business:
    """The business of the oldest membership. Raises Forbidden for somebody without any."""
    business = Business.objects.filter(memberships__user=user).order_by("memberships__id").first()
    if business is None:
        raise Forbidden("You do not belong to any business")
    return business


def business_id_of(user: User | OuterRef) -> QuerySet[Membership, Any]:
    """The same as a subquery: `filter(business_id=business_id_of(user))`, NULL for nobody."""
    return Membership.objects.filter(user=user).order_by("id").values("business_id")[:1]
