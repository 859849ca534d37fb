"""What other preferences would have made of the last weeks, under the first door's names."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications.api.preference_serializers import PreferenceSerializer
from apps.notifications.services.previewing import Preview, preview


class CountsSerializer(serializers.Serializer[Any]):
    """With today's preferences, and with the changed ones."""

    now = serializers.IntegerField()
    then = serializers.IntegerField()


class DelaysSerializer(serializers.Serializer[Any]):
    """Minutes; null where nothing is told."""

    now = serializers.FloatField(allow_null=True)
    then = serializers.FloatField(allow_null=True)


class ReasonsSerializer(serializers.Serializer[Any]):
    now = serializers.DictField(child=serializers.IntegerField())
    then = serializers.DictField(child=serializers.IntegerField())


class LaterSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField(help_text="A one-time code is masked.")
    due_now = serializers.DateTimeField()
    due_then = serializers.DateTimeField(allow_null=True, help_text="Null is never.")


class PreviewSerializer(serializers.Serializer[Any]):
    days = serializers.IntegerField()
    events = serializers.IntegerField()
    interruptions = CountsSerializer()
    digested = CountsSerializer()
    deferred = CountsSerializer()
    dropped = CountsSerializer()
    dropped_because = ReasonsSerializer()
    median_delay_minutes = DelaysSerializer()
    later = LaterSerializer(many=True)
    later_count = serializers.IntegerField()
    cut = serializers.BooleanField(help_text="Only the newest events were looked at.")


_FIGURES = (
    "interruptions",
    "digested",
    "deferred",
    "dropped",
    "dropped_because",
    "median_delay_minutes",
)


class PreferencePreviewView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Preferences"],
        summary="Try a change out on the last 30 days",
        description="Decides what was recorded once more, with today's preferences and with the "
        "changed ones. Nothing is kept and nothing is sent.",
        request=PreferenceSerializer(partial=True),
        responses=PreviewSerializer,
    )
    def post(self, request: Request) -> Response:
        form = PreferenceSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        found = preview(caller_of(request), form.validated_data, now=timezone.now())
        return Response(PreviewSerializer(_document(found)).data)


def _document(found: Preview) -> dict[str, Any]:
    figures = {
        name: {"now": getattr(found.now, name), "then": getattr(found.then, name)}
        for name in _FIGURES
    }
    return {
        **figures,
        "days": found.days,
        "events": found.events,
        "later": found.later,
        "later_count": found.later_count,
        "cut": found.cut,
    }
