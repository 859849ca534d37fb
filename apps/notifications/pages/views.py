"""The inbox as pages that work without scripts; static/inbox/ makes them live."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.permissions import caller_of
from apps.accounts.selectors import has_withdrawn
from apps.core.errors import Conflict, NotFound
from apps.ingestion.selectors import demo_source
from apps.notifications.engines.cursor import beginning, parse_cursor
from apps.notifications.pages.choices import CHOICES
from apps.notifications.pages.push import push_key_for
from apps.notifications.selectors import clock_of
from apps.notifications.selectors import inbox as selectors
from apps.notifications.selectors.proposals import shown_proposals
from apps.notifications.services import presence, reading
from apps.rules.selectors import snoozed_until_of
from apps.rules.services.silences import Snooze


@require_safe
@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    unread_only = request.GET.get("show") == "unread"
    user, now = caller_of(request), timezone.now()
    presence.note([user.pk], now=now)
    page = selectors.inbox_page(
        user, unread_only=unread_only, before=parse_cursor(request.GET.get("before", ""))
    )
    first = not (unread_only or request.GET.get("before"))
    context = {
        "page": page,
        "tab": "unread" if unread_only else "all",
        "now": now,
        "since": beginning(now),
        "away": selectors.away_lines(user, now=now) if first else [],
        "snoozed_until": snoozed_until_of(user, now=now),
        "snoozes": Snooze.choices,
        "withdrawn": has_withdrawn(user),
        "push_key": push_key_for(user) if first else "",
        "choices": CHOICES,
        "proposals": shown_proposals(user, now=now) if first else [],
        "demo": demo_source(user) if user.is_staff and not page.entries else None,
    }
    return show(request, "inbox/inbox.html", context)


@require_safe
@never_cache
@login_required
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One of them by itself: where the links of a mail lead."""
    found = selectors.inbox_entry(caller_of(request), public_id)
    if found is None:
        raise Http404
    context = {
        "entry": found,
        "now": timezone.now(),
        "snoozes": Snooze.choices,
        "choices": CHOICES,
        "opened": True,
    }
    return show(request, "inbox/entry.html", context)


@require_safe
@never_cache
@login_required
def held(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = selectors.held_page(
        caller_of(request), before=parse_cursor(request.GET.get("before", "")), now=now
    )
    return show(request, "inbox/held.html", {"page": page, "tab": "held", "now": now})


@require_POST
@login_required
def read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    try:
        reading.mark_read(caller_of(request), public_id, now=timezone.now())
    except (NotFound, Conflict):
        raise Http404 from None
    return back(request)


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    reading.mark_all_read(caller_of(request), now=timezone.now())
    return back(request)


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context = {**context, "before": request.GET.get("before"), "public_url": settings.PUBLIC_URL}
    with timezone.override(clock_of(caller_of(request))):
        return render(request, template, context)


def back(request: HttpRequest) -> HttpResponse:
    """To the page the form stood on, when that is one of ours."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(target if ours else "inbox")
