"""My hooks: webhooks, Slack and Teams."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.core import hints
from apps.notifications.api.hook_serializers import (
    HookSerializer,
    HooksSerializer,
    NewHookSerializer,
    RecoveredSerializer,
    RecoverSerializer,
    SecretSerializer,
)
from apps.notifications.selectors.hooks import hooks_of
from apps.notifications.services import hooks
from apps.notifications.services.hook_recovery import recover

TAGS = ["Hooks"]
# What holds a secret is kept by nobody on its way.
_UNKEPT = {"Cache-Control": "no-store"}


class HooksView(APIView):
    permission_classes = MEMBERS

    @extend_schema(tags=TAGS, summary="Where I have things posted to", responses=HooksSerializer)
    def get(self, request: Request) -> Response:
        return Response(HooksSerializer({"hooks": hooks_of(caller_of(request))}).data)

    @extend_schema(
        tags=TAGS,
        summary="Have things posted to a URL",
        description="409 for one I have. 422 with `https_required`, `host_not_allowed`, "
        "`url_too_long` or `endpoint_not_allowed` for one that cannot be posted to.",
        request=NewHookSerializer,
        responses={201: SecretSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewHookSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = hooks.add(caller_of(request), **form.validated_data, now=timezone.now())
        return Response(SecretSerializer(made).data, status=201, headers=_UNKEPT)


class HookView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Take a hook away",
        description="Its secret is erased; what is on its way there is given up.",
        responses={204: None},
    )
    def delete(self, request: Request, public_id: UUID) -> Response:
        hooks.remove(caller_of(request), public_id, now=timezone.now())
        return Response(status=204)


class RotateView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Give my webhook a new secret",
        description="The former one signs beside it until `formerSecretUntil`. 409 for Slack and "
        "Teams, which have none.",
        request=None,
        responses=SecretSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        made = hooks.rotate(caller_of(request), public_id, now=timezone.now())
        return Response(SecretSerializer(made).data, headers=_UNKEPT)


class EnableView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Switch a hook on again",
        description="Also when it is on. `recover` then sends what it missed.",
        request=None,
        responses=HookSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        hook = hooks.enable(caller_of(request), public_id, now=timezone.now())
        return Response(HookSerializer(hook).data)


class RecoverView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Send again what a hook missed since then",
        description="What was given up, the oldest first. 409 while the hook is off.",
        request=RecoverSerializer,
        responses=RecoveredSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        form = RecoverSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        since = form.validated_data["since"]
        found = recover(caller_of(request), public_id, since=since, now=timezone.now())
        hints.poke("deliver")
        return Response(RecoveredSerializer(found).data)
