"""The pixel and the followed link of mails to people who consented to be told of."""

from base64 import b64decode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.core.errors import NotFound
from apps.notifications.pages.unsubscribing import unknown_link
from apps.notifications.services import tracking

# One transparent pixel.
_PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """A picture whatever the token: a broken one would be seen."""
    if request.method == "GET":
        tracking.opened(token, now=timezone.now())
    return HttpResponse(_PIXEL, content_type="image/gif")


@require_safe
@never_cache
def clicked(request: HttpRequest, token: str) -> HttpResponse:
    try:
        return redirect(tracking.clicked(token, now=timezone.now()))
    except NotFound as error:
        return unknown_link(request, error)
