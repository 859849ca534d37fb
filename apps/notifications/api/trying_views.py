from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.core.api.serializers import StrictSerializer
from apps.notifications.channels import CHANNELS
from apps.notifications.engines.ways import INBOX
from apps.notifications.services.trying import try_channel

# The names of channels through which something is sent.
SENDABLE = tuple((name, name) for name in CHANNELS if name != INBOX)


class TrialSerializer(StrictSerializer):
    auraId = serializers.UUIDField(required=False)  # noqa: N815  # the seed's name
    channel = serializers.ChoiceField(choices=SENDABLE)
    message = serializers.CharField(max_length=500, required=False, default="It works.")


class TrialResultSerializer(serializers.Serializer[object]):
    """What became of it at one address; `hint` is what its person knows the address by."""

    ref = serializers.UUIDField()
    hint = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["delivered", "failed", "unknown"])
    code = serializers.CharField()
    detail = serializers.CharField()
    provider_message_id = serializers.CharField()


class TrialAnswerSerializer(serializers.Serializer[object]):
    channel = serializers.CharField()
    results = TrialResultSerializer(many=True)


class TrialView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Notifications"],
        summary="Send myself a test message through a channel",
        description="It is sent at once, and the answer says what the provider said. 403 (4032, "
        "4033) where I could not be told this way now, 503 (5002) where nobody can.",
        request=TrialSerializer,
        responses=TrialAnswerSerializer,
    )
    def post(self, request: Request) -> Response:
        form = TrialSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data
        channel = wanted["channel"]
        results = try_channel(
            caller_of(request),
            channel,
            wanted["message"],
            now=timezone.now(),
            aura_ref=wanted.get("auraId"),
        )
        return Response(TrialAnswerSerializer({"channel": channel, "results": results}).data)
