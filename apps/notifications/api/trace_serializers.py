"""One event with everything that became of it, from the door to the delivery."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.classification.models import Classification
from apps.classification.types import Category, Method, RiskLevel, Urgency
from apps.ingestion.models import RawEvent
from apps.ingestion.types import EventKind
from apps.notifications.api.history_serializers import NotificationSerializer
from apps.notifications.api.proactive_serializers import SenderSerializer
from apps.notifications.engines.explaining import explain_step, otherwise, step_alone
from apps.notifications.engines.masking import mask
from apps.notifications.engines.trace import trace_from_json
from apps.notifications.models import Decision, Delivery, DeliveryAttempt
from apps.notifications.selectors.recorded import recorded
from apps.notifications.types import Outcome, Reason


class RawEventSerializer(serializers.Serializer[Any]):
    """The body as it came is never shown."""

    source = serializers.CharField(  # type: ignore[assignment]  # an attribute of Field too
        source="source.name"
    )
    state = serializers.ChoiceField(choices=RawEvent.State.choices)
    reason = serializers.CharField()
    received_at = serializers.DateTimeField()


class UnprocessedSerializer(RawEventSerializer):
    """Accepted, but no event (yet): `state` says why."""

    id = serializers.UUIDField(source="correlation_id")
    correlation_id = serializers.UUIDField()


class SignalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)


class ClassificationSerializer(serializers.Serializer[Any]):
    priority = serializers.IntegerField(min_value=1, max_value=10)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    category = serializers.ChoiceField(choices=Category.choices)
    action_required = serializers.BooleanField()
    relevance = serializers.FloatField()
    sentiment = serializers.FloatField()
    risk = serializers.ChoiceField(choices=RiskLevel.choices)
    confidence = serializers.FloatField()
    method = serializers.ChoiceField(choices=Method.choices)
    reason = serializers.CharField()
    suggested_action = serializers.CharField()
    signals = SignalSerializer(many=True)
    vip = serializers.BooleanField()
    code = serializers.SerializerMethodField(help_text="Dots in place of a one-time code.")
    expires_at = serializers.DateTimeField(allow_null=True)
    rules_version = serializers.CharField()

    def get_code(self, verdict: Classification) -> str | None:
        return mask(verdict.code) if verdict.code else None


class InsightSerializer(serializers.Serializer[Any]):
    """What a model wrote about the event: plain text, not to be rendered as anything else."""

    detailed_insight = serializers.CharField()
    recommended_actions = serializers.ListField(child=serializers.CharField())
    urgency_assessment = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField()
    written_at = serializers.DateTimeField(source="finished_at")


class StepSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    passed = serializers.BooleanField()
    inputs = serializers.DictField()
    threshold = serializers.JSONField(allow_null=True)
    margin = serializers.FloatField(allow_null=True)
    note = serializers.CharField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, step: Any) -> str:
        return explain_step(step)


class DecisionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reason = serializers.ChoiceField(choices=Reason.choices)
    due_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    steps = serializers.SerializerMethodField()
    otherwise = serializers.SerializerMethodField(
        help_text="Each would have turned the outcome by itself; one may be of several changes."
    )
    step_alone = serializers.SerializerMethodField(
        help_text="Where `otherwise` names nothing: what the last step would have passed with."
    )

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, decision: Decision) -> Any:
        return StepSerializer(trace_from_json(decision.trace), many=True).data

    def get_otherwise(self, decision: Decision) -> list[str]:
        return list(otherwise(recorded(decision)))

    def get_step_alone(self, decision: Decision) -> list[str]:
        return list(step_alone(recorded(decision)))


class AttemptSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    number = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=DeliveryAttempt.Outcome.choices)
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    error_code = serializers.CharField()
    error = serializers.CharField()


class DeliverySerializer(serializers.Serializer[Any]):
    channel = serializers.CharField()
    state = serializers.ChoiceField(choices=Delivery.State.choices)
    reason = serializers.CharField()
    due_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    attempts = AttemptSerializer(many=True)


class EarlierEventSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    title = serializers.CharField(help_text="A one-time code in it is masked.")
    received_at = serializers.DateTimeField()


class ClientSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class EventTraceSerializer(serializers.Serializer[Any]):
    """An `EventTrace`. Decision, notification and deliveries are the caller's own."""

    id = serializers.UUIDField(source="event.public_id")
    correlation_id = serializers.UUIDField(source="event.correlation_id")
    kind = serializers.ChoiceField(choices=EventKind.choices, source="event.kind")
    event_type = serializers.CharField(source="event.event_type")
    title = serializers.CharField(help_text="A one-time code in it is masked.")
    content = serializers.CharField(help_text="A one-time code in it is masked.")
    truncated = serializers.BooleanField(source="event.truncated")
    sender = SenderSerializer(source="event")
    occurred_at = serializers.DateTimeField(source="event.occurred_at", allow_null=True)
    received_at = serializers.DateTimeField(source="event.received_at")
    starts_at = serializers.DateTimeField(source="event.starts_at", allow_null=True)
    ends_at = serializers.DateTimeField(source="event.ends_at", allow_null=True)
    client = ClientSerializer(source="event.client", allow_null=True)
    raw = RawEventSerializer(source="event.raw_event")
    classification = ClassificationSerializer(allow_null=True)
    insight = InsightSerializer(allow_null=True)
    decision = DecisionSerializer(allow_null=True)
    notification = NotificationSerializer(allow_null=True)
    deliveries = DeliverySerializer(many=True)
    previous = EarlierEventSerializer(allow_null=True)
    duplicate_of = serializers.UUIDField(source="event.duplicate_ref", allow_null=True)
    duplicates = serializers.IntegerField(source="event.duplicate_count")
