"""Preferences on people's behalf, under the rules of the other doors."""

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from apps.audit.admin import AuditedAdmin
from apps.classification.types import Category
from apps.core.admin import ConsoleAdmin, GuardedForm, clean_zone
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.written_ranges import range_problems
from apps.notifications.models import ChannelPreference, Preference
from apps.notifications.services.channel_preferences import LEAST_PRIORITY, TAKES_ALL

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def check_quiet_hours(form: forms.ModelForm[Any]) -> None:
    start, end = form.cleaned_data.get("quiet_start"), form.cleaned_data.get("quiet_end")
    if (start is None) != (end is None):
        form.add_error("quiet_end", "Start and end belong together.")
    elif start is not None and start == end:
        form.add_error("quiet_end", "Start and end must differ.")
    elif form.cleaned_data.get("quiet_hours_enabled") and start is None:
        form.add_error("quiet_start", "Quiet hours need a start and an end.")


class PreferenceForm(GuardedForm):
    categories = forms.MultipleChoiceField(
        choices=Category.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None chosen means all.",
    )
    digest_weekday = forms.TypedChoiceField(
        choices=list(enumerate(_WEEKDAYS)), coerce=int, widget=UnfoldAdminSelectWidget, initial=0
    )

    def clean_categories(self) -> list[str] | None:
        return list(dict.fromkeys(self.cleaned_data["categories"])) or None

    def clean_time_zone(self) -> str:
        return clean_zone(self.cleaned_data["time_zone"])

    def clean_quiet_ranges(self) -> Any:
        """The empty field is the empty list."""
        ranges = self.cleaned_data["quiet_ranges"]
        ranges = [] if ranges is None else ranges
        problems = range_problems(ranges).items()
        if problems:
            raise forms.ValidationError([f"{place or 'All'}: {text}" for place, text in problems])
        return ranges

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        check_quiet_hours(self)
        return cleaned


@admin.register(Preference)
class PreferenceAdmin(AuditedAdmin, ConsoleAdmin):
    form = PreferenceForm
    list_display = ("user", "enabled", "min_urgency", "frequency", "quiet_hours", "time_zone")
    list_filter = ("enabled", "frequency", "min_urgency", "quiet_hours_enabled")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)
    readonly_fields = ("public_id",)
    fieldsets = (
        (None, {"fields": ("seen_at", "user", "enabled", "email_enabled", "public_id")}),
        (
            "What",
            {
                "fields": (
                    "min_urgency",
                    "relevance_threshold",
                    "categories",
                    "assigned_clients_only",
                )
            },
        ),
        (
            "When",
            {
                "fields": (
                    "time_zone",
                    "frequency",
                    "interruption_budget",
                    "channel_order",
                    "escalation_minutes",
                    "digest_time",
                    "digest_weekday",
                )
            },
        ),
        (
            "Quiet hours",
            {
                "fields": (
                    "quiet_hours_enabled",
                    "quiet_start",
                    "quiet_end",
                    "quiet_policy",
                    "quiet_ranges",
                )
            },
        ),
    )

    @admin.display(description="Quiet hours")
    def quiet_hours(self, row: Preference) -> str:
        if not row.quiet_hours_enabled:
            return "–"
        return f"{row.quiet_start:%H:%M}–{row.quiet_end:%H:%M}"


class ChannelPreferenceForm(GuardedForm):
    channel = forms.ChoiceField(choices=CHANNELS.choices, widget=UnfoldAdminSelectWidget)
    muted_topics = forms.MultipleChoiceField(
        choices=Category.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="Not told through this channel.",
    )

    def clean_time_zone(self) -> str:
        name = self.cleaned_data["time_zone"]
        return clean_zone(name) if name else ""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        aura, user = self.cleaned_data.get("aura"), self.cleaned_data.get("user")
        if aura and user and aura.user_id != user.pk:
            self.add_error("aura", "This aura watches for somebody else.")
        if self.cleaned_data.get("quiet_hours_enabled") is not None:
            self._check_quiet_hours(in_general=aura is None)
        self._check_takes_all(in_general=aura is None)
        return cleaned

    def _check_takes_all(self, *, in_general: bool) -> None:
        threshold = self.cleaned_data.get("priority_threshold")
        inbox = in_general and self.cleaned_data.get("channel") == "in_app"
        if inbox and threshold not in (None, LEAST_PRIORITY):
            self.add_error("priority_threshold", TAKES_ALL)

    def _check_quiet_hours(self, *, in_general: bool) -> None:
        check_quiet_hours(self)
        if in_general and self.cleaned_data.get("channel") == "in_app":
            reason = "The inbox keeps the person's own quiet hours: set them there."
            self.add_error("quiet_hours_enabled", reason)


@admin.register(ChannelPreference)
class ChannelPreferenceAdmin(AuditedAdmin, ConsoleAdmin):
    form = ChannelPreferenceForm
    list_display = ("user", "channel", "aura", "enabled", "max_per_day", "priority_threshold")
    list_filter = ("channel", "enabled")
    list_select_related = ("user", "aura")
    search_fields = ("user__email",)
    autocomplete_fields = ("user", "aura")
    readonly_fields = ("public_id",)
