"""What messages to phones may cost and did cost, and what WhatsApp approved."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from apps.audit.admin import AuditedAdmin
from apps.classification.types import Category
from apps.core.admin import ConsoleAdmin, GuardedForm, ReadOnlyAdmin
from apps.notifications.engines.phone_texts import WORDS
from apps.notifications.models import Digest, SpendCap, SpendCounter, WhatsAppTemplate
from apps.notifications.types.choices import CHANNEL_NAMES, PHONES

_CAPS = ("user_daily_micros", "user_monthly_micros", "tenant_daily_micros", "tenant_monthly_micros")
_PLACE = re.compile(r"[0-9A-Za-z_]{1,30}")


def _dollars(micros: int | None) -> str:
    return "as the settings say" if micros is None else f"{micros / 1_000_000:,.2f} $"


class SpendCapForm(GuardedForm):
    channel = forms.ChoiceField(
        choices=[(name, CHANNEL_NAMES[name]) for name in PHONES],
        widget=UnfoldAdminSelectWidget,
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for name in _CAPS:
            micros = self.cleaned_data.get(name)
            if micros is not None and micros < 0:
                self.add_error(name, "A cap is 0 or more.")
        return cleaned


@admin.register(SpendCap)
class SpendCapAdmin(AuditedAdmin, ConsoleAdmin):
    form = SpendCapForm
    fields = ("seen_at", "business", "channel", *_CAPS)
    list_display = ("business", "channel", "person_a_day", "tenant_a_day", "tenant_a_month")
    list_filter = ("channel",)
    list_select_related = ("business",)
    autocomplete_fields = ("business",)

    @display(description="A person, a day")
    def person_a_day(self, row: SpendCap) -> str:
        return _dollars(row.user_daily_micros)

    @display(description="The tenant, a day")
    def tenant_a_day(self, row: SpendCap) -> str:
        return _dollars(row.tenant_daily_micros)

    @display(description="The tenant, a month")
    def tenant_a_month(self, row: SpendCap) -> str:
        return _dollars(row.tenant_monthly_micros)


@admin.register(SpendCounter)
class SpendCounterAdmin(ReadOnlyAdmin):
    list_display = ("business", "person", "channel", "period", "start", "spent")
    list_filter = ("period", "channel", "start")
    list_select_related = ("business", "user")

    @display(description="Person", ordering="user")
    def person(self, row: SpendCounter) -> str:
        return str(row.user or "everybody")

    @display(description="Spent at most", ordering="spent_micros")
    def spent(self, row: SpendCounter) -> str:
        return _dollars(row.spent_micros)


class WhatsAppTemplateForm(GuardedForm):
    category = forms.ChoiceField(
        choices=[("", "Any"), *Category.choices, (Digest.category, "Digest")],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )

    def clean_variables(self) -> dict[str, str]:
        """The empty field is no variables."""
        variables = self.cleaned_data["variables"] or {}
        if not isinstance(variables, dict):
            raise forms.ValidationError('Such as {"1": "title", "2": "body"}.')
        for place, word in variables.items():
            if not _PLACE.fullmatch(place) or word not in WORDS:
                raise forms.ValidationError(f"A place is filled with one of {', '.join(WORDS)}.")
        return variables


@admin.register(WhatsAppTemplate)
class WhatsAppTemplateAdmin(AuditedAdmin, ConsoleAdmin):
    form = WhatsAppTemplateForm
    fields = ("seen_at", "business", "category", "content_sid", "variables", "media_url")
    list_display = ("content_sid", "for_what", "for_whom", "updated_at")
    list_filter = ("category",)
    list_select_related = ("business",)
    search_fields = ("content_sid",)
    autocomplete_fields = ("business",)

    @display(description="For messages of", ordering="category")
    def for_what(self, row: WhatsAppTemplate) -> str:
        return row.category or "any category"

    @display(description="Of", ordering="business")
    def for_whom(self, row: WhatsAppTemplate) -> str:
        return str(row.business or "every tenant")
