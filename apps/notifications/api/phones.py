"""My numbers: added, shown to be mine by a code, and removed."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import Consent
from apps.accounts.permissions import MEMBERS, caller_of
from apps.core.api.serializers import StrictSerializer
from apps.notifications.engines.phone_numbers import MAX_CHARACTERS
from apps.notifications.services import phones
from apps.notifications.types import OffReason
from apps.notifications.types.choices import PHONES

TAGS = ["Phones"]


class PhoneSerializer(serializers.Serializer[Any]):
    """A number is never shown again in full."""

    id = serializers.UUIDField(source="public_id")
    channel = serializers.ChoiceField(choices=PHONES)
    number = serializers.CharField(source="hint", help_text="Enough of it to recognize it by.")
    state = serializers.ChoiceField(choices=("unverified", "active", "off"))
    offReason = serializers.ChoiceField(  # noqa: N815  # camel case, as everything at this door
        source="off_reason", choices=[("", ""), *OffReason.choices]
    )
    verifiedAt = serializers.DateTimeField(  # noqa: N815  # as above
        source="verified_at", allow_null=True
    )


class PhonesSerializer(serializers.Serializer[Any]):
    phones = PhoneSerializer(many=True)


class NewPhoneSerializer(StrictSerializer):
    channel = serializers.ChoiceField(choices=PHONES)
    number = serializers.CharField(
        max_length=MAX_CHARACTERS,
        help_text="With + and the country, or as it is written in the country of my time zone.",
    )


class CodeSerializer(StrictSerializer):
    code = serializers.CharField(max_length=10)


class PhonesView(APIView):
    permission_classes = MEMBERS

    @extend_schema(tags=TAGS, summary="My numbers", responses=PhonesSerializer)
    def get(self, request: Request) -> Response:
        rows = phones.numbers_of(caller_of(request))
        return Response(PhonesSerializer({"phones": rows}).data)

    @extend_schema(
        tags=TAGS,
        summary="Add a number, or send another code to it",
        description="A code is on its way unless the number was shown to be mine before. By adding "
        "it I agree to be told things this way.",
        request=NewPhoneSerializer,
        responses={201: PhoneSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewPhoneSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = phones.add(
            caller_of(request),
            form.validated_data["channel"],
            form.validated_data["number"],
            source=Consent.Source.API,
            now=timezone.now(),
        )
        return Response(PhoneSerializer(row).data, status=201)


class PhoneView(APIView):
    permission_classes = MEMBERS

    @extend_schema(tags=TAGS, summary="Remove a number", responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        phones.remove(caller_of(request), public_id, now=timezone.now())
        return Response(status=204)


class PhoneVerifyView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="The code that was sent to it",
        description="422 `invalid_code` or `code_expired`, 429 `too_many_codes`.",
        request=CodeSerializer,
        responses={200: PhoneSerializer},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        form = CodeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row = phones.verify(
            caller_of(request),
            public_id,
            form.validated_data["code"],
            source=Consent.Source.API,
            now=timezone.now(),
        )
        return Response(PhoneSerializer(row).data)
