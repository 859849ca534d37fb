"""A notification as the seed's ProactiveMessage."""

from typing import Any

from rest_framework import serializers

from apps.classification.types import Category, Urgency
from apps.notifications.models import Notification


class NotificationSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    title = serializers.CharField()
    message = serializers.CharField(source="body")
    category = serializers.ChoiceField(choices=Category.choices)
    priority = serializers.IntegerField(min_value=1, max_value=10)
    urgency = serializers.SerializerMethodField()
    status = serializers.ChoiceField(choices=Notification.Status.choices)
    deliveryChannel = serializers.CharField(default="in_app")  # noqa: N815  # the seed's name
    createdAt = serializers.DateTimeField(source="created_at")  # noqa: N815  # as above
    deliveredAt = serializers.DateTimeField(  # noqa: N815  # as above
        source="delivered_at", allow_null=True
    )
    readAt = serializers.DateTimeField(source="read_at", allow_null=True)  # noqa: N815  # as above
    eventId = serializers.UUIDField(source="event_ref")  # noqa: N815  # as above
    correlationId = serializers.UUIDField(source="correlation_id")  # noqa: N815  # as above

    def get_urgency(self, notification: Notification) -> Urgency:
        return Urgency.of(notification.priority)


class ReadSerializer(serializers.Serializer[Any]):
    success = serializers.BooleanField()
    readAt = serializers.DateTimeField()  # noqa: N815  # the seed's name
