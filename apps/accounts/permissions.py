"""What a caller may do at all; whose rows they see is the selectors' business."""

from typing import Any, cast

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from apps.accounts.models import ApiKey, User
from apps.accounts.selectors import business_of
from apps.accounts.services.api_keys import READ, WRITE


def caller_of(request: Request | HttpRequest) -> User:
    """Who is asking, behind IsAuthenticated, a page's login or the console's."""
    return cast("User", request.user)


class HasScope(BasePermission):
    """An API key needs "read" to look and "write" to change; people need neither."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.auth, ApiKey):
            return True
        needed = READ if request.method in SAFE_METHODS else WRITE
        return needed in request.auth.scopes


class IsMember(BasePermission):
    """Raises Forbidden for somebody who belongs to no business."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(business_of(caller_of(request)))


# The usual permissions of an endpoint that is about a person's own things, in this order.
MEMBERS = [IsAuthenticated, HasScope, IsMember]
