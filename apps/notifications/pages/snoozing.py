"""Snoozing from the inbox: forms that need no script."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Business, User
from apps.accounts.permissions import caller_of
from apps.accounts.selectors import business_of
from apps.core import hints
from apps.core.errors import Forbidden
from apps.notifications.selectors import clock_of
from apps.notifications.services import waking
from apps.rules.services import silences


@require_POST
@login_required
def snooze(request: HttpRequest) -> HttpResponse:
    try:
        choice = silences.Snooze(request.POST.get("for", ""))
    except ValueError:
        raise BadRequest("No such snooze") from None
    user, business = member(request)
    waking.snooze(business, user, choice, clock=clock_of(user), now=timezone.now())
    return redirect("inbox")


@require_POST
@login_required
def wake(request: HttpRequest) -> HttpResponse:
    user, business = member(request)
    waking.wake(business, user, now=timezone.now())
    _hint()
    return redirect("inbox")


def _hint() -> None:
    for queue in ("digest", "deliver"):
        hints.poke(queue)


def member(request: HttpRequest) -> tuple[User, Business]:
    user = caller_of(request)
    try:
        return user, business_of(user)
    except Forbidden as error:
        raise PermissionDenied(error.detail) from None
