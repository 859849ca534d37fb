"""Snoozing from the inbox: forms that need no script."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.models import Business, User
from apps.accounts.permissions import caller_of
from apps.accounts.selectors import business_of
from apps.core import hints
from apps.core.errors import Conflict, Forbidden, NotFound
from apps.notifications.pages.views import back
from apps.notifications.selectors import clock_of
from apps.notifications.services import postponing, waking
from apps.rules.services import silences


@require_POST
@login_required
def snooze(request: HttpRequest) -> HttpResponse:
    choice = _choice(request)
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


@require_POST
@login_required
def postpone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One notification alone."""
    user, _ = member(request)
    clock = clock_of(user)
    try:
        until = postponing.postpone(
            user, public_id, _choice(request), clock=clock, now=timezone.now()
        )
    except NotFound:
        raise Http404 from None
    except Conflict as error:
        messages.warning(request, f"{error.detail}.")
    else:
        messages.success(request, f"It comes back at {until.astimezone(clock):%a %H:%M}.")
    return back(request)


def _choice(request: HttpRequest) -> silences.Snooze:
    try:
        return silences.Snooze(request.POST.get("for", ""))
    except ValueError:
        raise BadRequest("No such snooze") from None


def _hint() -> None:
    for queue in ("digest", "deliver"):
        hints.poke(queue)


def member(request: HttpRequest) -> tuple[User, Business]:
    user = caller_of(request)
    try:
        return user, business_of(user)
    except Forbidden as error:
        raise PermissionDenied(error.detail) from None
