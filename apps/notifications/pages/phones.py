"""People's numbers on their page of preferences: forms that work without scripts."""

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.accounts.models import Consent
from apps.core.errors import NotFound, VigilError
from apps.notifications.models import Address
from apps.notifications.pages.phone_problems import PhoneProblem
from apps.notifications.pages.preferences import member, page
from apps.notifications.services import phones
from apps.notifications.types.choices import PHONES


@require_POST
@never_cache
@login_required
def add(request: HttpRequest, channel: str) -> HttpResponse:
    user, typed = member(request), request.POST.get("number", "").strip()
    if channel not in PHONES:
        raise Http404
    return _answer(
        request,
        lambda: phones.add(user, channel, typed, source=Consent.Source.PAGE, now=timezone.now()),
        place=channel,
        typed=typed,
    )


@require_POST
@never_cache
@login_required
def verify(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user, code = member(request), request.POST.get("code", "").strip()
    return _answer(
        request,
        lambda: phones.verify(
            user, public_id, code, source=Consent.Source.PAGE, now=timezone.now()
        ),
        place=str(public_id),
    )


@require_POST
@never_cache
@login_required
def again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = member(request)
    return _answer(
        request,
        lambda: phones.send_again(user, public_id, now=timezone.now()),
        place=str(public_id),
    )


@require_POST
@never_cache
@login_required
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = member(request)
    return _answer(
        request,
        lambda: phones.remove(user, public_id, now=timezone.now()),
        place=str(public_id),
    )


def _answer(
    request: HttpRequest, change: Callable[[], Address], *, place: str, typed: str = ""
) -> HttpResponse:
    """The page at the number's channel, or once more with what is wrong at its form."""
    try:
        row = change()
    except NotFound:
        raise Http404 from None
    except VigilError as error:
        detail = next(iter(error.fields.values()), error.detail)
        problem = PhoneProblem(place=place, detail=detail, typed=typed[:80])
        return page(request, member(request), phone=problem, status=error.status_code)
    return redirect(f"{reverse('preferences')}?saved={row.channel}#{row.channel}")
