"""A person's preferences as a page that works without scripts, behind the doors' own services."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Consent, User
from apps.accounts.models.consent import NOTIFICATIONS
from apps.accounts.permissions import caller_of
from apps.accounts.selectors import business_of
from apps.core.errors import Forbidden, InvalidInput, PreconditionFailed, VigilError
from apps.core.timing import zone_names
from apps.notifications.channels import CHANNELS
from apps.notifications.channels.base import NOWHERE
from apps.notifications.models import Address
from apps.notifications.pages.hook_section import hook_rows, section
from apps.notifications.pages.phone_problems import PhoneProblem
from apps.notifications.pages.preference_forms import (
    ChannelForm,
    PreferenceForm,
    VersionedForm,
)
from apps.notifications.pages.push import push_key_for
from apps.notifications.selectors.addresses import addresses_of
from apps.notifications.selectors.consenting import ConsentState
from apps.notifications.selectors.preferences import ChannelSetting, channel_settings, stored_of
from apps.notifications.selectors.tracking import TRACKING
from apps.notifications.services import preferences
from apps.notifications.services.channel_preferences import set_channel
from apps.notifications.services.consenting import (
    needs_of_all,
    purposes,
    set_consent,
    states_of,
)
from apps.notifications.services.phones import can_be_added
from apps.notifications.services.previewing import Preview, preview
from apps.notifications.services.returning import may_return
from apps.notifications.types import CHANNEL_NAMES, Origin
from apps.notifications.types.choices import PHONES

# Where the page's form has no field of the service's name for it.
_FIELDS = {"quiet_hours": "quiet_start"}
BROWSERS = "web_push"
_WORDS = {"true": True, "false": False}
_STALE = "This was changed elsewhere since you opened the page. Open it again to see how."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    user = member(request)
    if request.method != "POST":
        return page(request, user)
    form = PreferenceForm(request.POST)
    if "try" in request.POST:
        tried = _tried(user, form)
        return page(request, user, form=form, tried=tried, status=200 if tried else 422)
    if _saved(form, lambda changes, seen: preferences.update(user, changes, seen=seen)):
        return redirect(f"{reverse('preferences')}?saved=own")
    return page(request, user, form=form, status=422)


@require_POST
@never_cache
@login_required
def trying(request: HttpRequest) -> HttpResponse:
    """What came of it alone: static/preferences/trying.js asks while a control is moved."""
    user, form = member(request), PreferenceForm(request.POST)
    tried = _tried(user, form)
    context = {"tried": tried, "form": form}
    return render(request, "preferences/_tried.html", context, status=200 if tried else 422)


@require_POST
@never_cache
@login_required
def channel(request: HttpRequest, channel: str) -> HttpResponse:
    user = member(request)
    if channel not in CHANNEL_NAMES:
        raise Http404
    if "off" in request.POST:
        # Offered where the plan no longer has the channel: nothing else of it can be set.
        set_channel(user, channel, {"enabled": False})
        return redirect(f"{reverse('preferences')}?saved={channel}#{channel}")
    form = ChannelForm(request.POST, channel=channel)
    if _saved(form, lambda changes, seen: set_channel(user, channel, changes, seen=seen)):
        return redirect(f"{reverse('preferences')}?saved={channel}#{channel}")
    return page(request, user, channels={channel: form}, status=422)


@require_POST
@never_cache
@login_required
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    user = member(request)
    word = request.POST.get("granted")
    if purpose not in purposes() or word not in _WORDS:
        raise Http404
    page = Consent.Source.PAGE
    set_consent(user, purpose, granted=_WORDS[word], source=page, now=timezone.now())
    place = "consent" if purpose == NOTIFICATIONS else purpose
    return redirect(f"{reverse('preferences')}?saved={place}#{place}")


def member(request: HttpRequest) -> User:
    user = caller_of(request)
    try:
        business_of(user)
    except Forbidden as error:
        raise PermissionDenied(error.detail) from None
    return user


def _saved(form: VersionedForm, save: Callable[[dict[str, Any], tuple[str]], object]) -> bool:
    """Whether it was valid and is written; otherwise the form says at which field it is not."""
    if not form.is_valid():
        return False
    try:
        save(form.changes(), (form.cleaned_data["version"],))
    except PreconditionFailed:
        form.add_error(None, _STALE)
    except (InvalidInput, Forbidden) as error:
        _add_errors(form, error)
    return not form.errors


def _tried(user: User, form: PreferenceForm) -> Preview | None:
    """What the form would have made of the last weeks; None when it says what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        return preview(user, form.changes(), now=timezone.now())
    except InvalidInput as error:
        _add_errors(form, error)
        return None


def _add_errors(form: VersionedForm, error: VigilError) -> None:
    for name, reason in error.fields.items():
        field = _FIELDS.get(name, name)
        form.add_error(field if field in form.fields else None, reason)
    if not error.fields:
        form.add_error(None, error.detail)


def page(
    request: HttpRequest,
    user: User,
    *,
    form: PreferenceForm | None = None,
    channels: dict[str, ChannelForm] | None = None,
    tried: Preview | None = None,
    hook_section: dict[str, Any] | None = None,
    phone: PhoneProblem | None = None,
    status: int = 200,
) -> HttpResponse:
    stored = stored_of(user)
    settings = channel_settings(stored)
    business = business_of(user)
    consents = {state.purpose: state for state in states_of(user)}
    addresses = addresses_of(user)
    context = {
        "form": form or PreferenceForm.filled(stored),
        "tried": tried,
        "origins": stored.origins,
        "channels": _channel_rows(settings, channels or {}, stored.version, consents, addresses),
        "hook_rows": hook_rows(addresses, now=timezone.now()),
        "hooks": hook_section or section(),
        "phone": phone,
        "specials": [item for item in settings if item.aura_id is not None],
        "tier": business.get_tier_display(),
        "cap": business.limits.notifications_per_day,
        "zones": sorted(zone_names()),
        "push_key": push_key_for(user),
        "consent": consents[NOTIFICATIONS],
        "tracking": consents.get(TRACKING),
        "saved": request.GET.get("saved", ""),
    }
    return render(request, "preferences/preferences.html", context, status=status)


def _channel_rows(
    settings: Iterable[ChannelSetting],
    typed: Mapping[str, ChannelForm],
    version: str,
    consents: Mapping[str, ConsentState],
    addresses: Iterable[Address],
) -> list[dict[str, Any]]:
    own: dict[str, list[Address]] = {}
    for row in addresses:
        if row.channel == BROWSERS and row.state == Address.State.OFF:
            # It does not come back, and its own page says that push is off there.
            continue
        own.setdefault(row.channel, []).append(row)
    addressed = needs_of_all().address
    return [
        {
            "setting": item,
            "form": typed.get(item.channel) or ChannelForm.filled(item, version),
            "consent": consents.get(item.channel),
            "addressed": item.channel in addressed,
            "addresses": [(row, may_return(row)) for row in own.get(item.channel, [])],
            "offered": item.values.sources["enabled"] is not Origin.TIER,
            "installed": _is_set_up(item.channel),
            "phones": item.channel in PHONES and can_be_added(),
        }
        for item in settings
        if item.aura_id is None
    ]


def _is_set_up(channel: str) -> bool:
    return channel in CHANNELS and bool(CHANNELS.get(channel).providers(NOWHERE))
