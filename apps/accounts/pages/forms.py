from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError

from apps.accounts.services.login_limits import limit_login
from apps.core.errors import RateLimited, Unavailable
from apps.core.peers import client_address


class LoginForm(AuthenticationForm):
    """E-mail and password. Every try counts; one that cannot be counted is refused."""

    username = UsernameField(
        label="E-mail",
        widget=forms.EmailInput(attrs={"autofocus": True, "autocomplete": "username"}),
    )
    error_messages = {
        "invalid_login": "Address or password is wrong.",
        "inactive": "Address or password is wrong.",
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        try:
            self._count()
        except RateLimited:
            raise ValidationError("Too many tries. Wait a minute.", code="rate_limited") from None
        except Unavailable:
            raise ValidationError("Nobody can log in right now.", code="unavailable") from None
        return super().clean()

    def _count(self) -> None:
        if self.request is not None:
            limit_login(self.cleaned_data.get("username", ""), client_address(self.request))
