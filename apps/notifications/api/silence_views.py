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
from apps.accounts.selectors import business_of, client_of
from apps.core import hints
from apps.notifications.api.pages import SilencePage
from apps.notifications.api.preference_answers import named
from apps.notifications.api.silence_serializers import (
    NAMES,
    NewSilenceSerializer,
    NewSnoozeSerializer,
    PostponedSerializer,
    SilenceSerializer,
)
from apps.notifications.selectors import clock_of
from apps.notifications.services import postponing, waking
from apps.rules.models import Silence
from apps.rules.selectors import visible_silences
from apps.rules.services import silences

TAGS = ["Silences"]


class SnoozeView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Nothing interrupts me for a while",
        description="The last one counts: it takes the place of an earlier one.",
        request=NewSnoozeSerializer,
        responses={201: SilenceSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewSnoozeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller_of(request)
        choice = silences.Snooze(form.validated_data["for"])
        snooze = waking.snooze(
            business_of(user), user, choice, clock=clock_of(user), now=timezone.now()
        )
        return Response(SilenceSerializer(snooze).data, status=201)

    @extend_schema(
        tags=TAGS,
        summary="End my snooze",
        description="Also when there is none. What was held back comes now.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        user = caller_of(request)
        waking.wake(business_of(user), user, now=timezone.now())
        _hint()
        return Response(status=204)


class PostponeView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        operation_id="api_notifications_postpone",
        summary="Tell me this one again later",
        description="It leaves the inbox and comes back unread, unless it is moot by then. 409 for "
        "one that is not in the inbox, or would be over by then.",
        request=NewSnoozeSerializer,
        responses={200: PostponedSerializer},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        form = NewSnoozeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller_of(request)
        choice = silences.Snooze(form.validated_data["for"])
        until = postponing.postpone(
            user, public_id, choice, clock=clock_of(user), now=timezone.now()
        )
        return Response(PostponedSerializer({"until": until}).data)


class SilencesView(generics.ListAPIView[Silence]):
    permission_classes = MEMBERS
    serializer_class = SilenceSerializer
    pagination_class = SilencePage
    filter_backends = ()
    queryset = Silence.objects.none()

    def get_queryset(self) -> QuerySet[Silence]:
        return visible_silences(caller_of(self.request), now=timezone.now())

    @extend_schema(tags=TAGS, summary="My silences and the shared ones, those that end first first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        tags=TAGS,
        summary="Silence such things for me",
        request=NewSilenceSerializer,
        responses={201: SilenceSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewSilenceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user = caller_of(request)
        business = business_of(user)
        wanted = dict(form.validated_data)
        client_ref = wanted.pop("client_ref", None)
        rest = {name: wanted.pop(name) for name in ("expires_at", "comment") if name in wanted}
        client = client_of(business, client_ref) if client_ref else None
        with named(NAMES):
            matchers = silences.Matchers(**wanted, client=client)
            silence = silences.add(business, user, matchers, now=timezone.now(), **rest)
        return Response(SilenceSerializer(silence).data, status=201)


class SilenceView(APIView):
    permission_classes = MEMBERS

    @extend_schema(tags=TAGS, summary="End one of my own", responses={204: None})
    def delete(self, request: Request, public_id: UUID) -> Response:
        user = caller_of(request)
        waking.lift(business_of(user), user, public_id, now=timezone.now())
        _hint()
        return Response(status=204)


def _hint() -> None:
    for queue in ("digest", "deliver"):
        hints.poke(queue)
