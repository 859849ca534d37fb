from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications import selectors
from apps.notifications.api.filters import HistoryFilter
from apps.notifications.api.history_serializers import NotificationSerializer, ReadSerializer
from apps.notifications.api.pages import HistoryPage
from apps.notifications.models import Notification
from apps.notifications.services import reading


class HistoryView(generics.ListAPIView[Notification]):
    permission_classes = MEMBERS
    serializer_class = NotificationSerializer
    pagination_class = HistoryPage
    filterset_class = HistoryFilter
    queryset = Notification.objects.none()

    def get_queryset(self) -> QuerySet[Notification]:
        return selectors.history(caller_of(self.request))

    @extend_schema(tags=["Notifications"], summary="What I was told, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ReadView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Notifications"],
        summary="I have read this one",
        description="A second time changes nothing and answers with the first time.",
        request=None,
        responses=ReadSerializer,
    )
    def patch(self, request: Request, public_id: UUID) -> Response:
        read_at = reading.mark_read(caller_of(request), public_id, now=timezone.now())
        return Response(ReadSerializer({"success": True, "readAt": read_at}).data)
