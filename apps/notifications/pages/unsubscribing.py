"""`/u/<token>`: a page with a button, since scanners follow links; POST does it (RFC 8058).

No log-in, no cookie, no CSRF token: the signed token is the proof.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.core.errors import InvalidInput, NotFound, VigilError
from apps.notifications.services import unsubscribing
from apps.notifications.services.unsubscribing import Place

# What the page's buttons say; a mail program's One-Click says none of it.
_ACTS: Mapping[str, Callable[[Place, datetime], None]] = {
    "channel": lambda place, now: unsubscribing.leave(place, now=now),
    "topic": lambda place, now: unsubscribing.leave_topic(place),
    "undo": lambda place, now: unsubscribing.come_back(place),
    "undo_topic": lambda place, now: unsubscribing.come_back_to_topic(place),
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        place = unsubscribing.place_of(token)
        done = _done(request, place) if request.method == "POST" else ""
        place = unsubscribing.place_of(token) if done else place
    except (NotFound, InvalidInput) as error:
        return unknown_link(request, error)
    return _quiet(render(request, "unsubscribe/page.html", {"place": place, "done": done}))


def _done(request: HttpRequest, place: Place) -> str:
    """Which of _ACTS; a mail program's One-Click is the channel's."""
    what = request.POST.get("what", "channel")
    if what not in _ACTS:
        raise InvalidInput("There is no such button", code="unknown_choice", status=400)
    _ACTS[what](place, timezone.now())
    return what


def unknown_link(request: HttpRequest, error: VigilError) -> HttpResponse:
    """What to do instead, and the code for whoever is asked about it."""
    context = {"code": error.code, "status": error.status_code}
    return _quiet(render(request, "unsubscribe/unknown.html", context, status=error.status_code))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Its address is its reader's secret: no engine lists it, no page that follows learns it."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
