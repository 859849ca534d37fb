"""API keys: made here, shown once, revoked here; never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from apps.accounts.models import ApiKey, User
from apps.accounts.selectors import business_of
from apps.accounts.services import api_keys
from apps.accounts.services.key_revoking import revoke
from apps.core.admin import ConsoleAdmin, refusals


class NewKeyForm(forms.ModelForm[ApiKey]):
    scopes = forms.MultipleChoiceField(
        choices=[(scope, scope) for scope in api_keys.SCOPES],
        initial=[api_keys.READ],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        model = ApiKey
        fields = ("user", "name", "scopes", "expires_at")

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        with refusals():
            business_of(user)
        return user


@admin.register(ApiKey)
class ApiKeyAdmin(ConsoleAdmin):
    form = NewKeyForm
    fields = ("user", "name", "scopes", "expires_at")
    list_display = ("name", "prefix", "user", "business", "state", "expires_at", "last_used_at")
    list_filter = ("business",)
    list_select_related = ("user", "business")
    search_fields = ("name", "prefix")
    autocomplete_fields = ("user",)
    actions = ("revoke_keys",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apikey")

    @display(description="State", label={"good": "success", "revoked": "danger"})
    def state(self, row: ApiKey) -> str:
        return "revoked" if row.revoked_at else "good"

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        chosen = {name: form.cleaned_data[name] for name in self.fields}
        made, text = api_keys.create(**chosen)
        obj.pk, obj.prefix = made.pk, made.prefix
        messages.warning(request, f"The key, shown only this once: {text}")

    @admin.action(description="Revoke", permissions=["revoke"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = revoke(queryset.values_list("pk", flat=True), now=timezone.now())
        messages.success(request, f"Revoked: {count}.")
