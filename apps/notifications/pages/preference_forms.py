"""The same preferences as a form: what it refuses, it refuses at the field."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.classification.types import Category, Urgency
from apps.core.errors import InvalidInput
from apps.core.timing import parse_wall, zone
from apps.notifications.engines.budget import MOST_A_DAY
from apps.notifications.engines.ways import INBOX
from apps.notifications.models.preference import FIELDS, MOST_MINUTES_UNREAD, OWN_SWITCHES
from apps.notifications.pages.range_rows import RangesField, range_rows
from apps.notifications.selectors.preferences import ChannelSetting, Stored
from apps.notifications.services.channel_preferences import LEAST_PRIORITY
from apps.notifications.types import CHANNEL_NAMES, Frequency, QuietHoursPolicy

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_URGENCIES = {
    Urgency.LOW: "Everything",
    Urgency.MEDIUM: "Medium and above",
    Urgency.HIGH: "High and critical",
    Urgency.CRITICAL: "Only what is critical",
}
_FREQUENCIES = {
    Frequency.INSTANT: "At once",
    Frequency.BATCH: "In batches, through the day",
    Frequency.DAILY: "Once a day",
    Frequency.WEEKLY: "Once a week",
}
_POLICIES = {
    QuietHoursPolicy.DEFER: "Tell me when they end",
    QuietHoursPolicy.DIGEST: "Put it in my digest",
    QuietHoursPolicy.DROP: "Leave it out",
}


_CHANNEL_QUIET = {"own": "Only mine", "set": "Mine, and also"}


class WallField(forms.CharField):
    """A local time of day, "HH:MM"; None when it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            strip=False, widget=forms.TextInput(attrs={"type": "time"}), empty_value="", **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def clean(self, value: Any) -> time | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_wall(text)
        except InvalidInput as error:
            raise ValidationError(error.detail) from None


class OrderField(forms.CharField):
    """Channels as people call them, one after the other; a list of their names in Python."""

    def __init__(self, **kwargs: Any) -> None:
        ways = ", ".join(label for name, label in CHANNEL_NAMES.items() if name != INBOX)
        help_text = f"Such as “Push, SMS”: the next where the one before failed. One of {ways}."
        super().__init__(required=False, max_length=200, help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return ", ".join(CHANNEL_NAMES.get(name, name) for name in value)

    def to_python(self, value: Any) -> Any:
        names = {label.casefold(): name for name, label in CHANNEL_NAMES.items() if name != INBOX}
        typed = [one.strip() for one in str(value or "").split(",") if one.strip()]
        unknown = [one for one in typed if one.casefold() not in names]
        if unknown:
            raise ValidationError(f"There is no channel “{unknown[0]}”.")
        return [names[one.casefold()] for one in typed]


class VersionedForm(forms.Form):
    """Remembers what it was filled from: a save over somebody else's is refused."""

    version = forms.CharField(widget=forms.HiddenInput)

    def changes(self) -> dict[str, Any]:
        """The validated values, by the services' names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class PreferenceForm(VersionedForm):
    enabled = forms.BooleanField(required=False, label="Tell me things at all")
    email_enabled = forms.BooleanField(required=False, label="Also by e-mail")
    min_urgency = forms.ChoiceField(choices=_URGENCIES.items(), label="How urgent it must be")
    relevance_threshold = forms.FloatField(
        min_value=0,
        max_value=1,
        label="How relevant it must be",
        help_text="From 0, everything, to 1, next to nothing.",
        # "any": a value set through another door must not be rounded by being looked at.
        widget=forms.NumberInput(attrs={"type": "range", "step": "any"}),
    )
    categories = forms.MultipleChoiceField(
        choices=[(word.value, word.label.capitalize()) for word in Category],
        label="About what",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one, or switch notifications off."},
    )
    assigned_clients_only = forms.BooleanField(
        required=False, label="Of clients, only those I look after"
    )
    frequency = forms.ChoiceField(choices=_FREQUENCIES.items(), label="How often")
    interruption_budget = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_A_DAY,
        label="Interruptions a day",
        help_text="At most so many, kept for what is worth most. Empty: no budget.",
    )
    channel_order = OrderField(label="Ring in this order")
    escalation_minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES_UNREAD,
        label="Minutes until the next one",
        help_text="Something critical that is unread so long rings on the next. Empty: never.",
    )
    digest_time = WallField(label="Digest at")
    digest_weekday = forms.TypedChoiceField(
        choices=list(enumerate(_WEEKDAYS)), coerce=int, label="Weekly digest on"
    )
    time_zone = forms.CharField(
        max_length=64,
        strip=False,
        label="Time zone",
        help_text="Such as Europe/Berlin.",
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    quiet_hours_enabled = forms.BooleanField(required=False, label="Keep quiet hours")
    quiet_start = WallField(required=False, label="From")
    quiet_end = WallField(required=False, label="Until")
    quiet_policy = forms.ChoiceField(choices=_POLICIES.items(), label="What comes meanwhile")
    quiet_ranges = RangesField(label="Also quiet")

    @classmethod
    def filled(cls, stored: Stored) -> "PreferenceForm":
        values = {name: getattr(stored.row, name) for name in FIELDS if name in cls.base_fields}
        values["categories"] = values["categories"] or [*Category.values]
        return cls(initial={**values, "version": stored.version})

    def range_rows(self) -> list[dict[str, Any]]:
        """The further quiet hours as rows to draw."""
        field = self["quiet_ranges"]
        return range_rows(field.value() or [], name=field.html_name)

    def clean_categories(self) -> list[str] | None:
        """All of them is no choice: a category that is added later belongs to it."""
        chosen = self.cleaned_data["categories"]
        return None if set(chosen) == set(Category.values) else chosen

    def clean_time_zone(self) -> str:
        try:
            return zone(self.cleaned_data["time_zone"]).key
        except InvalidInput:
            raise ValidationError("Not the name of a time zone.") from None


class ChannelForm(VersionedForm):
    enabled = forms.BooleanField(required=False, label="On")
    max_per_day = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, label="At most a day"
    )
    priority_threshold = forms.IntegerField(
        min_value=1, max_value=10, label="Least priority (1–10)"
    )
    quiet_hours = forms.ChoiceField(
        required=False, choices=_CHANNEL_QUIET.items(), label="Quiet hours"
    )
    quiet_start = WallField(required=False, label="From")
    quiet_end = WallField(required=False, label="Until")

    def __init__(self, data: Any = None, *, channel: str, initial: Any = None) -> None:
        super().__init__(data, prefix=channel, initial=initial)
        if channel in OWN_SWITCHES:
            del self.fields["enabled"]
        if channel == "in_app":
            # It takes everything that is told, and its quiet hours are the person's.
            for name in ("priority_threshold", "quiet_hours", "quiet_start", "quiet_end"):
                del self.fields[name]
        self.fields["max_per_day"].widget.attrs["placeholder"] = "your plan’s"

    @classmethod
    def filled(cls, setting: ChannelSetting, version: str) -> "ChannelForm":
        """Switch and cap are the channel's own, whatever the person or the tier say besides."""
        row = setting.row
        initial = {
            "enabled": row is None or row.enabled,
            "max_per_day": row.max_per_day if row else None,
            "priority_threshold": setting.values.priority_threshold,
            "quiet_hours": "set" if row and row.quiet_hours_enabled else "own",
            "quiet_start": row.quiet_start if row else None,
            "quiet_end": row.quiet_end if row else None,
            "version": version,
        }
        return cls(channel=setting.channel, initial=initial)

    def changes(self) -> dict[str, Any]:
        """Quiet hours that were not asked about stay as they are; every priority is no choice."""
        values = super().changes()
        if values.get("priority_threshold") == LEAST_PRIORITY:
            values["priority_threshold"] = None
        chosen = values.pop("quiet_hours", "")
        times = {name: values.pop(name, None) for name in ("quiet_start", "quiet_end")}
        match chosen:
            case "set":
                return {**values, "quiet_hours_enabled": True, **times}
            case "own":
                return {**values, "quiet_hours_enabled": None, **dict.fromkeys(times)}
        return values
