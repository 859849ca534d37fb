"""Snoozes and silences as the other documents under `/api/notifications/` are shaped."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.classification.types import Category
from apps.core.api.serializers import StrictSerializer
from apps.notifications.api.fields import InstantField
from apps.rules.models import Silence
from apps.rules.services.silences import Snooze

# What the services call things → what this door does.
NAMES: Mapping[str, str] = {
    "address": "sender",
    "client": "clientId",
    "max_priority": "maxPriority",
    "expires_at": "expiresAt",
}


class NewSnoozeSerializer(StrictSerializer):
    def get_fields(self) -> dict[str, Any]:
        # The name is no name in Python: `for`.
        return {"for": serializers.ChoiceField(choices=Snooze.choices)}


class PostponedSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField(help_text="When it comes back.")


class NewSilenceSerializer(StrictSerializer):
    """Every matcher that is given must match; without any it is a snooze."""

    category = serializers.ChoiceField(choices=Category.choices, required=False)
    eventType = serializers.CharField(  # noqa: N815  # camel case, as everything at this door
        source="event_type", max_length=120, required=False, allow_blank=True
    )
    sender = serializers.CharField(
        max_length=254,
        required=False,
        allow_blank=True,
        help_text='A whole address, or "@domain" for everybody there.',
    )
    clientId = serializers.UUIDField(  # noqa: N815  # as above
        source="client_ref", required=False, allow_null=True
    )
    minPriority = serializers.IntegerField(  # noqa: N815  # as above
        source="min_priority", min_value=1, max_value=10, required=False, allow_null=True
    )
    maxPriority = serializers.IntegerField(  # noqa: N815  # as above
        source="max_priority", min_value=1, max_value=10, required=False, allow_null=True
    )
    expiresAt = InstantField(source="expires_at")  # noqa: N815  # as above
    comment = serializers.CharField(max_length=500, required=False, allow_blank=True)


class SilenceSerializer(serializers.Serializer[Any]):
    """Matchers that are empty or null match everything."""

    id = serializers.UUIDField(source="public_id")
    category = serializers.CharField()
    eventType = serializers.CharField(source="event_type")  # noqa: N815  # as above
    sender = serializers.CharField()
    clientId = serializers.UUIDField(  # noqa: N815  # as above
        source="client.public_id", allow_null=True, default=None
    )
    minPriority = serializers.IntegerField(  # noqa: N815  # as above
        source="min_priority", allow_null=True
    )
    maxPriority = serializers.IntegerField(  # noqa: N815  # as above
        source="max_priority", allow_null=True
    )
    expiresAt = serializers.DateTimeField(source="expires_at")  # noqa: N815  # as above
    comment = serializers.CharField()
    author = serializers.CharField(
        source="author.name", allow_null=True, default=None, help_text="Who wrote it."
    )
    shared = serializers.SerializerMethodField(help_text="It is everybody's in the business.")
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815  # as above

    def get_shared(self, silence: Silence) -> bool:
        return silence.user_id is None
