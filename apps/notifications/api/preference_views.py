from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications.api.preference_answers import (
    EXPLAIN,
    IF_MATCH,
    answer,
    explains,
    sources_of,
    versions_seen,
)
from apps.notifications.api.preference_serializers import (
    PreferenceAnswerSerializer,
    PreferenceSerializer,
)
from apps.notifications.selectors.preferences import Stored, stored_of
from apps.notifications.services import preferences


class PreferenceView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Preferences"],
        summary="What I want to be told, and when",
        parameters=[EXPLAIN],
        responses=PreferenceAnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        return _answer(request, stored_of(caller_of(request)))

    @extend_schema(
        tags=["Preferences"],
        summary="Change it",
        parameters=[EXPLAIN, IF_MATCH],
        request=PreferenceSerializer(partial=True),
        responses=PreferenceAnswerSerializer,
    )
    def patch(self, request: Request) -> Response:
        form = PreferenceSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        explains(request)
        stored = preferences.update(
            caller_of(request), form.validated_data, seen=versions_seen(request)
        )
        return _answer(request, stored)


def _answer(request: Request, stored: Stored) -> Response:
    form = PreferenceSerializer(stored.row)
    data: dict[str, Any] = dict(form.data)
    if explains(request):
        data["sources"] = sources_of(form, stored.origins)
    return answer(data, stored)
