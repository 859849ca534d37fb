"""Hooks on the page of preferences: forms that need no script."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.core import hints
from apps.core.errors import NotFound, VigilError
from apps.notifications.pages import preferences
from apps.notifications.pages.hook_section import HookForm, RecoverForm, section
from apps.notifications.services import hooks
from apps.notifications.services.hook_recovery import recover


@require_POST
@never_cache
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """The page again, with the secret: it is shown nowhere else, so no redirect follows."""
    user, form = preferences.member(request), HookForm(request.POST)
    made = None
    if form.is_valid():
        try:
            made = hooks.add(user, **form.cleaned_data, now=timezone.now())
        except VigilError as error:
            _tell(form, error)
    if made is None:
        return _page(request, form=form, status=422)
    return _page(request, made=made, said="Added.")


@require_POST
@never_cache
@login_required
def rotate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = preferences.member(request)
    try:
        made = hooks.rotate(user, public_id, now=timezone.now())
    except VigilError as error:
        return _refused(request, error)
    return _page(request, made=made, said="It signs with a new secret, and for a while with both.")


@require_POST
@never_cache
@login_required
def enable(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = preferences.member(request)
    try:
        hooks.enable(user, public_id, now=timezone.now())
    except VigilError as error:
        return _refused(request, error)
    return _saved()


@require_POST
@never_cache
@login_required
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = preferences.member(request)
    try:
        hooks.remove(user, public_id, now=timezone.now())
    except VigilError as error:
        return _refused(request, error)
    return _saved()


@require_POST
@never_cache
@login_required
def recovering(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user, form, now = preferences.member(request), RecoverForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, wrong="Choose since when.", status=422)
    try:
        since = now - timedelta(hours=form.cleaned_data["hours"])
        found = recover(user, public_id, since=since, now=now)
    except VigilError as error:
        return _refused(request, error)
    hints.poke("deliver")
    said = f"{found.requeued} sent again, {found.expired} too old to be told."
    return _page(request, said=f"{said} There are more: ask again." if found.more else said)


def _page(request: HttpRequest, *, status: int = 200, **shown: Any) -> HttpResponse:
    user = preferences.member(request)
    return preferences.page(request, user, hook_section=section(**shown), status=status)


def _refused(request: HttpRequest, error: VigilError) -> HttpResponse:
    if isinstance(error, NotFound):
        # It is gone already, whoever took it away: the page shows what there is.
        return _saved()
    reason = next(iter(error.fields.values()), f"{error.detail}.")
    return _page(request, wrong=reason, status=error.status_code)


def _saved() -> HttpResponse:
    return redirect(f"{reverse('preferences')}?saved=hooks#hooks")


def _tell(form: HookForm, error: VigilError) -> None:
    for name, reason in error.fields.items():
        form.add_error(name if name in form.fields else None, reason)
    if not error.fields:
        form.add_error(None, f"{error.detail}.")
