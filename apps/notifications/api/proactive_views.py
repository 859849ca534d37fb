from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.accounts.selectors import business_of
from apps.core.errors import NotFound
from apps.ingestion.models import Event
from apps.notifications import selectors
from apps.notifications.api.filters import EventFilter
from apps.notifications.api.pages import EventPage, VipPage
from apps.notifications.api.proactive_serializers import (
    EventRowSerializer,
    NewVipSerializer,
    VipSerializer,
)
from apps.notifications.api.trace_serializers import EventTraceSerializer, UnprocessedSerializer
from apps.rules.models import VipSender
from apps.rules.selectors import visible_vips
from apps.rules.services import vips


class VipsView(generics.ListAPIView[VipSender]):
    permission_classes = MEMBERS
    serializer_class = VipSerializer
    pagination_class = VipPage
    filter_backends = ()
    queryset = VipSender.objects.none()

    def get_queryset(self) -> QuerySet[VipSender]:
        return visible_vips(caller_of(self.request))

    @extend_schema(tags=["VIPs"], summary="Senders who get through to me")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=["VIPs"],
        summary="Add one to my own list",
        request=NewVipSerializer,
        responses={201: VipSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewVipSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller_of(request)
        vip = vips.add(business_of(user), user, **form.validated_data)
        return Response(VipSerializer(vip).data, status=201)


class VipView(APIView):
    permission_classes = MEMBERS

    @extend_schema(tags=["VIPs"], summary="Take one off my own list", responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        vips.remove(caller_of(request), public_id)
        return Response(status=204)


class EventsView(generics.ListAPIView[Event]):
    permission_classes = MEMBERS
    serializer_class = EventRowSerializer
    pagination_class = EventPage
    filterset_class = EventFilter
    queryset = Event.objects.none()

    def get_queryset(self) -> QuerySet[Event]:
        return selectors.event_rows(caller_of(self.request))

    @extend_schema(tags=["Events"], summary="What reached me, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class EventView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Events"],
        summary="One event and everything that became of it",
        description="An accepted body that is no event (yet) answers with its state alone, to "
        "the person whose account it came for and to the staff of the business.",
        responses=PolymorphicProxySerializer(
            component_name="EventTraceOrState",
            serializers=[EventTraceSerializer, UnprocessedSerializer],
            resource_type_field_name=None,
        ),
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        user = caller_of(request)
        trace = selectors.event_trace(user, public_id)
        if trace is not None:
            return Response(EventTraceSerializer(trace).data)
        raw = selectors.unprocessed(user, public_id)
        if raw is None:
            raise NotFound
        return Response(UnprocessedSerializer(raw).data)
