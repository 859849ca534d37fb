"""VIPs and lists of events as /v3/proactive/ shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.classification.types import Category, Urgency
from apps.core.api.serializers import StrictSerializer
from apps.ingestion.types import EventKind
from apps.notifications.engines.masking import without_code
from apps.notifications.types import Outcome
from apps.rules.services.vips import DEFAULT_PRIORITY


class VipSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    address = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field may be named like an attribute of Field
    priority = serializers.IntegerField()
    shared = serializers.SerializerMethodField(help_text="On everybody's list.")
    created_at = serializers.DateTimeField()

    def get_shared(self, vip: Any) -> bool:
        return vip.user_id is None


class NewVipSerializer(StrictSerializer):
    address = serializers.CharField(
        max_length=254, help_text='A whole address, or "@domain" for everybody there.'
    )
    label = serializers.CharField(  # type: ignore[assignment]  # as above
        max_length=100, allow_blank=True, default=""
    )
    priority = serializers.IntegerField(min_value=1, max_value=10, default=DEFAULT_PRIORITY)


class SenderSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="sender_name")
    address = serializers.CharField(source="sender_address")


class EventRowSerializer(serializers.Serializer[Any]):
    """A row of `selectors.event_rows`."""

    id = serializers.UUIDField(source="public_id")
    kind = serializers.ChoiceField(choices=EventKind.choices)
    event_type = serializers.CharField()
    title = serializers.SerializerMethodField(help_text="A one-time code in it is masked.")
    sender = SenderSerializer(source="*")
    occurred_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField()
    urgency = serializers.ChoiceField(choices=Urgency.choices, allow_null=True)
    category = serializers.ChoiceField(choices=Category.choices, allow_null=True)
    duplicate_of = serializers.UUIDField(source="duplicate_ref", allow_null=True)
    outcome = serializers.ChoiceField(
        choices=Outcome.choices, allow_null=True, help_text="What was decided for the caller."
    )

    def get_title(self, row: Any) -> str:
        return without_code(row.title, row.code)
