"""What somebody says of a notification."""

from typing import Any

from rest_framework import serializers

from apps.classification.types import Category, Urgency
from apps.core.api.serializers import StrictSerializer
from apps.notifications.api.proposal_serializers import ProposalSerializer
from apps.notifications.models import Feedback


class NewFeedbackSerializer(StrictSerializer):
    """`urgency` and `category`, at least one of them, go with the kind wrong and no other."""

    kind = serializers.ChoiceField(choices=Feedback.Kind.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices, default="")
    category = serializers.ChoiceField(choices=Category.choices, default="")


class SaidSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="feedback.public_id")
    kind = serializers.ChoiceField(source="feedback.kind", choices=Feedback.Kind.choices)
    urgency = serializers.CharField(source="feedback.urgency", allow_blank=True)
    category = serializers.CharField(source="feedback.category", allow_blank=True)
    createdAt = serializers.DateTimeField(  # noqa: N815  # as in the history
        source="feedback.created_at"
    )
    proposals = ProposalSerializer(many=True)
