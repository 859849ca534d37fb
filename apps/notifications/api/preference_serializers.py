"""A person's own preferences, as two of the doors shape them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts.models import Business
from apps.classification.types import Category, Urgency
from apps.core.api.serializers import StrictSerializer
from apps.notifications.api.fields import ClockField, QuietRangesField, WallField, ZoneField
from apps.notifications.engines.budget import MOST_A_DAY
from apps.notifications.engines.ways import INBOX
from apps.notifications.models import Preference
from apps.notifications.models.preference import MOST_MINUTES_UNREAD
from apps.notifications.types import CHANNEL_NAMES, Frequency, Origin, QuietHoursPolicy


class CategoriesField(serializers.ListField):
    """Categories of events; null means all of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            child=serializers.ChoiceField(choices=Category.choices),
            allow_null=True,
            allow_empty=False,
            max_length=len(Category),
            help_text="Null means all of them.",
            **kwargs,
        )


class SourcesField(serializers.DictField):
    """Dotted path of a value → where it comes from."""

    def __init__(self) -> None:
        super().__init__(
            child=serializers.ChoiceField(choices=Origin.choices),
            required=False,
            help_text="With `?explain=true`: where each value comes from.",
        )


def _assigned_clients_only() -> serializers.BooleanField:
    return serializers.BooleanField(
        help_text="Of what is about clients, only what is about those I look after."
    )


def _interruption_budget() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1,
        max_value=MOST_A_DAY,
        allow_null=True,
        help_text="At most so many interruptions a day, kept for what is worth most. Null is none.",
    )


def _channel_order() -> serializers.ListField:
    names = [(name, label) for name, label in CHANNEL_NAMES.items() if name != INBOX]
    return serializers.ListField(
        child=serializers.ChoiceField(choices=names),
        max_length=len(names),
        help_text="These ring one after the other, the next where the one before failed.",
    )


def _escalation_minutes() -> serializers.IntegerField:
    return serializers.IntegerField(
        min_value=1,
        max_value=MOST_MINUTES_UNREAD,
        allow_null=True,
        help_text="Something critical that is unread so long rings on the next. Null is never.",
    )


class QuietHoursSerializer(StrictSerializer):
    """From `start` until `end` on the clocks of `time_zone`; `end` may be on the next day."""

    enabled = serializers.BooleanField(source="quiet_hours_enabled")
    start = WallField(source="quiet_start", allow_null=True)
    end = WallField(source="quiet_end", allow_null=True)
    policy = serializers.ChoiceField(choices=QuietHoursPolicy.choices, source="quiet_policy")


class PreferenceSerializer(StrictSerializer):
    """`/v3/proactive/preferences`; `validated_data` has the names of `models.preference.FIELDS`."""

    enabled = serializers.BooleanField()
    email_enabled = serializers.BooleanField()
    min_urgency = serializers.ChoiceField(choices=Urgency.choices)
    relevance_threshold = serializers.FloatField(min_value=0, max_value=1)
    categories = CategoriesField()
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    digest_time = WallField()
    digest_weekday = serializers.IntegerField(
        min_value=0, max_value=6, help_text="0 is Monday; for weekly digests."
    )
    quiet_hours = QuietHoursSerializer(source="*")
    quiet_ranges = QuietRangesField()
    time_zone = ZoneField(help_text="IANA name.")
    assigned_clients_only = _assigned_clients_only()
    interruption_budget = _interruption_budget()
    channel_order = _channel_order()
    escalation_minutes = _escalation_minutes()


class PreferenceAnswerSerializer(PreferenceSerializer):
    sources = SourcesField()


class UserPreferenceSerializer(StrictSerializer):
    """`/api/v1/user-preferences/`: the same columns under seed 002's names."""

    notification_enabled = serializers.BooleanField(source="enabled")
    email_notifications_enabled = serializers.BooleanField(source="email_enabled")
    relevance_threshold = serializers.FloatField(min_value=0, max_value=1)
    notification_categories = CategoriesField(source="categories")
    notification_frequency = serializers.ChoiceField(choices=Frequency.choices, source="frequency")
    digest_time = ClockField()
    digest_day_of_week = serializers.IntegerField(
        min_value=0, max_value=6, source="digest_weekday", help_text="0 is Monday."
    )
    assigned_clients_only = _assigned_clients_only()
    interruption_budget = _interruption_budget()
    channel_order = _channel_order()
    escalation_minutes = _escalation_minutes()


class NewUserPreferenceSerializer(UserPreferenceSerializer):
    """For somebody else: whatever is left out keeps its default."""

    user_id = serializers.UUIDField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = name == "user_id"


class UserPreferenceAnswerSerializer(UserPreferenceSerializer):
    """Ids and times are null for somebody who never set anything."""

    id = serializers.SerializerMethodField()
    user_id = serializers.UUIDField(source="user.public_id")
    business_id = serializers.SerializerMethodField()
    created_at = serializers.SerializerMethodField()
    updated_at = serializers.SerializerMethodField()
    sources = SourcesField()

    def get_id(self, row: Preference) -> UUID | None:
        return row.public_id if row.pk else None

    def get_business_id(self, row: Preference) -> UUID:
        business: Business = self.context["business"]
        return business.public_id

    def get_created_at(self, row: Preference) -> datetime | None:
        return row.created_at if row.pk else None

    def get_updated_at(self, row: Preference) -> datetime | None:
        return row.updated_at if row.pk else None
