"""The buttons beside one's addresses."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.core.errors import Conflict, NotFound
from apps.notifications.pages.snoozing import member
from apps.notifications.services import returning


@require_POST
@never_cache
@login_required
def send_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user, _ = member(request)
    try:
        row = returning.send_again(user, public_id, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Conflict as error:
        messages.warning(request, f"{error.detail}.")
        return redirect("preferences")
    return redirect(f"{reverse('preferences')}?saved={row.channel}#{row.channel}")
