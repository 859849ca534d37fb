"""Opinions of what one was told, and answers to proposals: forms that need no script."""

from collections.abc import Callable, Mapping
from typing import TypeAlias
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.core.errors import Conflict, NotFound
from apps.notifications.models import Proposal
from apps.notifications.pages.choices import CHOICES, Kind
from apps.notifications.pages.snoozing import member
from apps.notifications.pages.views import back, show
from apps.notifications.selectors.proposals import shown_proposals
from apps.notifications.services import learning, proposals

Answer: TypeAlias = Callable[..., Proposal]

_ANSWERS: Mapping[str, Answer] = {
    "accept": proposals.accept,
    "reject": proposals.reject,
    "keep": proposals.keep,
    "undo": proposals.undo,
}
_SAID: Mapping[str, str] = {
    Proposal.Status.REJECTED: "Nothing is changed, and the same is not proposed for 90 days.",
    Proposal.Status.KEPT: "It stays as it is, and you are not asked again.",
    Proposal.Status.UNDONE: "Everything is as it was before.",
}


@require_POST
@login_required
def say(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Back to where the form stood; to the proposals where "less like this" leads to one."""
    kind = request.POST.get("kind", "")
    if kind not in {choice.kind for choice in CHOICES}:
        raise BadRequest("No such opinion")
    user, _ = member(request)
    try:
        said = learning.say(user, public_id, kind=Kind(kind), now=timezone.now())
    except NotFound:
        raise Http404 from None
    if kind == Kind.LESS_LIKE_THIS and said.proposals:
        return redirect("inbox")
    return back(request)


@require_POST
@login_required
def answer(request: HttpRequest, public_id: UUID, word: str) -> HttpResponse:
    user, _ = member(request)
    try:
        row = _ANSWERS[word](user, public_id, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Conflict as error:
        messages.warning(request, f"{error.detail}.")
    else:
        if row.status in _SAID:
            messages.success(request, _SAID[row.status])
    return redirect("inbox")


@require_safe
@never_cache
@login_required
def offered(request: HttpRequest) -> HttpResponse:
    """The proposals alone, for a page that is open already."""
    user, _ = member(request)
    context = {"proposals": shown_proposals(user, now=timezone.now())}
    return show(request, "inbox/_proposals.html", context)
