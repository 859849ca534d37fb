"""What pages and the service worker need for push."""

from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.permissions import caller_of
from apps.core.errors import Forbidden
from apps.notifications.services import pushing


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """From the top, because a service worker is in charge of what lies below its own path."""
    return HttpResponse(
        _source(),
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
@never_cache
@login_required
def state(request: HttpRequest) -> HttpResponse:
    """For a worker whose subscription has changed while no page was open: who is logged in, and
    what it takes to speak for them. Other origins cannot read it.
    """
    user = caller_of(request)
    return JsonResponse(
        {
            "user": str(user.public_id),
            "publicKey": push_key_for(user),
            "csrfToken": get_token(request),
        }
    )


def push_key_for(user: User) -> str:
    """What this person's browsers subscribe with; "" where they cannot be told by push."""
    try:
        return pushing.public_key() if pushing.is_offered(user) else ""
    except Forbidden:
        return ""


@cache
def _source() -> str:
    found = finders.find("push/service-worker.js")
    assert isinstance(found, str)  # noqa: S101  # a file of the project
    return Path(found).read_text(encoding="utf-8")
