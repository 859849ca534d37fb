from dataclasses import asdict

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api.serializers import LoginSerializer, RefreshSerializer, TokenPairSerializer
from apps.accounts.services import tokens
from apps.core.peers import client_address


# These requests carry their own credentials in the body.
class _PublicView(APIView):
    authentication_classes = ()
    permission_classes = ()


class TokenView(_PublicView):
    @extend_schema(
        operation_id="auth_token",
        tags=["Logging in"],
        summary="Log in",
        request=LoginSerializer,
        responses=TokenPairSerializer,
    )
    def post(self, request: Request) -> Response:
        form = LoginSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pair = tokens.log_in(
            **form.validated_data, peer=client_address(request), now=timezone.now()
        )
        return _answer(pair)


class RefreshView(_PublicView):
    @extend_schema(
        operation_id="auth_refresh",
        tags=["Logging in"],
        summary="Stay logged in",
        request=RefreshSerializer,
        responses=TokenPairSerializer,
    )
    def post(self, request: Request) -> Response:
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return _answer(tokens.refresh(form.validated_data["refresh"], now=timezone.now()))


def _answer(pair: tokens.TokenPair) -> Response:
    answer = TokenPairSerializer({**asdict(pair), "token_type": "Bearer"})
    return Response(answer.data, headers={"Cache-Control": "no-store"})
