"""Browsers come and go, and the buttons of what they were pushed."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications.api.push_serializers import (
    PushActionSerializer,
    PushKeySerializer,
    SubscribedSerializer,
    SubscribeSerializer,
    UnsubscribeSerializer,
)
from apps.notifications.services import pushing

TAGS = ["Push"]


class SubscribeView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Tell me by push in this browser",
        description="The same browser again renews it. 409 `endpoint_in_use`: somebody else is told"
        " in it; subscribe it anew.",
        request=SubscribeSerializer,
        responses={201: SubscribedSerializer},
    )
    def post(self, request: Request) -> Response:
        form = SubscribeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        wanted = form.validated_data["subscription"]
        row = pushing.subscribe(
            caller_of(request),
            wanted["endpoint"],
            wanted["keys"],
            user_agent=form.validated_data.get("userAgent", request.headers.get("User-Agent", "")),
            now=timezone.now(),
        )
        return Response(SubscribedSerializer(row).data, status=201)


class UnsubscribeView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Tell me nothing by push in this browser any more",
        request=UnsubscribeSerializer,
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        form = UnsubscribeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pushing.unsubscribe(caller_of(request), form.validated_data["endpoint"], now=timezone.now())
        return Response(status=204)


class PushKeyView(APIView):
    """Public, and the same for everybody."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="push_key",
        tags=TAGS,
        summary="The key that browsers subscribe with",
        description="503 `channel_unavailable` where push is not set up.",
        responses=PushKeySerializer,
    )
    def get(self, request: Request) -> Response:
        answer = PushKeySerializer({"publicKey": pushing.public_key()})
        return Response(answer.data, headers={"Cache-Control": "no-cache"})


class PushActionView(APIView):
    """No session and no CSRF token: the token that the message brought is the credential."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        tags=TAGS,
        summary="A button of a push message was pressed",
        description="For the service worker, with the token of the message: read it, snooze it for"
        " an hour, or less like this.",
        request=PushActionSerializer,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        form = PushActionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pushing.act(form.validated_data["token"], form.validated_data["action"], now=timezone.now())
        return Response(status=204)
