"""What I consent to: being told things at all, and the channels that ask for it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Consent, User
from apps.accounts.permissions import MEMBERS, caller_of
from apps.core.api.serializers import StrictSerializer
from apps.notifications.services.consenting import purposes, set_consent, states_of

TAGS = ["Consents"]


class ConsentSerializer(serializers.Serializer[Any]):
    """`since` is null as long as the person has not spoken."""

    purpose = serializers.CharField(help_text="`notifications`, or a channel's name.")
    granted = serializers.BooleanField()
    since = serializers.DateTimeField(allow_null=True)
    needed = serializers.BooleanField(help_text="Nothing is told this way without it.")


class ConsentsSerializer(serializers.Serializer[Any]):
    consents = ConsentSerializer(many=True)


class ConsentChangeSerializer(StrictSerializer):
    purpose = serializers.CharField(max_length=24)
    granted = serializers.BooleanField()

    def validate_purpose(self, value: str) -> str:
        if value not in purposes():
            raise serializers.ValidationError(f"This must be one of {', '.join(purposes())}.")
        return value


class ConsentsView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS, summary="What I have consented to, and since when", responses=ConsentsSerializer
    )
    def get(self, request: Request) -> Response:
        return _answer(caller_of(request))

    @extend_schema(
        tags=TAGS,
        summary="Give my consent, or withdraw it",
        description="It holds for the next event; every word is kept.",
        request=ConsentChangeSerializer,
        responses=ConsentsSerializer,
    )
    def put(self, request: Request) -> Response:
        form = ConsentChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller_of(request)
        set_consent(user, **form.validated_data, source=Consent.Source.API, now=timezone.now())
        return _answer(user)


def _answer(user: User) -> Response:
    return Response(ConsentsSerializer({"consents": states_of(user)}).data)
