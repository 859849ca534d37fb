"""The section of hooks on the page of preferences: what it shows and what it takes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from apps.core.http.types import MAX_URL_CHARACTERS
from apps.notifications.engines.hook_health import stage_told
from apps.notifications.engines.hook_secrets import former_until
from apps.notifications.models import Address
from apps.notifications.selectors.hooks import is_hook
from apps.notifications.services.hook_health import disable_after
from apps.notifications.types.choices import HOOKS

_KINDS = {"webhook": "Webhook, signed", "slack": "Slack", "teams": "Microsoft Teams"}
_HOURS = {1: "the last hour", 24: "the last day", 72: "the last three days", 168: "the last week"}


class HookForm(forms.Form):
    prefix = "hook"

    channel = forms.ChoiceField(choices=[(name, _KINDS[name]) for name in HOOKS], label="Kind")
    url = forms.CharField(
        strip=True,
        label="URL",
        # The service says what is wrong with it, as at the API's door.
        widget=forms.TextInput(attrs={"type": "url", "maxlength": MAX_URL_CHARACTERS}),
    )
    label = forms.CharField(
        required=False, max_length=80, label="Name", help_text="What you call it."
    )


class RecoverForm(forms.Form):
    hours = forms.TypedChoiceField(choices=list(_HOURS.items()), coerce=int, label="Since")


def hook_rows(addresses: Iterable[Address], *, now: datetime) -> list[dict[str, Any]]:
    """The hooks among a person's addresses, with what is to be said of them."""
    after = disable_after()
    return [
        {
            "hook": row,
            "warned": stage_told(row.failing_since, row.warned_at, disable_after=after),
            "former_until": former_until(row.details or {}, now),
        }
        for row in addresses
        if is_hook(row)
    ]


def section(**shown: Any) -> dict[str, Any]:
    """What the template of the section needs besides the hooks themselves."""
    return {"form": HookForm(), "recover": RecoverForm(auto_id=False), **shown}
