"""What is not told for a while, to one person or to everybody."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.audit.admin import AuditedAdmin
from apps.core.admin import ConsoleAdmin, refusals
from apps.rules.admin.ownership import OwnedForm
from apps.rules.models import Silence
from apps.rules.services import silences


class SilenceForm(OwnedForm):
    sender = forms.CharField(
        max_length=254,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="A whole address, or @domain for everybody there. Empty means anybody.",
    )

    def clean_sender(self) -> str:
        with refusals():
            silences.written_sender(self.instance, self.cleaned_data["sender"])
        return str(self.instance.sender)

    def clean_client(self) -> Any:
        client, business = self.cleaned_data["client"], self.cleaned_data.get("business")
        if client and business and client.business_id != business.pk:
            raise forms.ValidationError("This client is watched for another business.")
        return client

    def clean_expires_at(self) -> Any:
        with refusals():
            silences.check_end(self.cleaned_data["expires_at"], now=timezone.now())
        return self.cleaned_data["expires_at"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        least, most = (self.cleaned_data.get(name) for name in ("min_priority", "max_priority"))
        if least is not None and most is not None and least > most:
            self.add_error("max_priority", "Not below the least priority.")
        return cleaned


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return (("active", "Active"), ("ended", "Ended"), ("lifted", "Lifted before its end"))

    def queryset(self, request: HttpRequest, rows: QuerySet[Silence]) -> QuerySet[Silence]:
        left = Q(ended_at=None)
        states = {
            "active": left & Q(expires_at__gt=timezone.now()),
            "ended": left & Q(expires_at__lte=timezone.now()),
            "lifted": ~left,
        }
        return rows.filter(states.get(self.value() or "", Q()))


@admin.register(Silence)
class SilenceAdmin(AuditedAdmin, ConsoleAdmin):
    form = SilenceForm
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "seen_at",
                    "business",
                    "user",
                    "expires_at",
                    "lifted",
                    "comment",
                    "author",
                )
            },
        ),
        (
            "What it silences (empty: everything)",
            {"fields": ("category", "event_type", "sender", "client")},
        ),
        ("Of these priorities only", {"fields": ("min_priority", "max_priority")}),
    )
    readonly_fields = ("author", "lifted")
    list_display = (
        *("for_whom", "business", "category", "event_type"),
        *("author", "expires_at", "state", "lifted"),
    )
    list_filter = (StateFilter, "business", "category")
    list_select_related = ("user", "business", "author")
    search_fields = ("user__email", "event_type")
    autocomplete_fields = ("business", "user", "client")

    def save_model(self, request: HttpRequest, obj: Silence, form: Any, change: bool) -> None:
        if not change:
            obj.author_id = request.user.pk
        super().save_model(request, obj, form, change)

    @display(description="For", ordering="user")
    def for_whom(self, silence: Silence) -> str:
        return str(silence.user or "everybody")

    @display(description="State", label={"active": "success", "lifted": "warning"})
    def state(self, silence: Silence) -> str:
        if silence.ended_at:
            return "lifted"
        return "active" if silence.expires_at > timezone.now() else "ended"

    @display(description="Lifted", ordering="ended_at")
    def lifted(self, silence: Silence) -> str:
        """Nobody but the person it is for lifts one."""
        if silence.ended_at is None:
            return "–"
        moment = date_format(timezone.localtime(silence.ended_at), "Y-m-d H:i")
        return f"by {silence.user}, {moment}"
