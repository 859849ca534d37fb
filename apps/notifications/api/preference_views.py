"""Three doors to the same two tables, each in its seed's own shape."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.accounts.selectors import business_of, person_seen_by
from apps.core.errors import NotFound
from apps.notifications.api.preference_answers import (
    EXPLAIN,
    IF_MATCH,
    answer,
    explains,
    named,
    sources_of,
    versions_seen,
)
from apps.notifications.api.preference_channel_serializers import (
    NAMES,
    ChannelChangeSerializer,
    ChannelPreferencesSerializer,
    document,
)
from apps.notifications.api.preference_serializers import (
    NewUserPreferenceSerializer,
    PreferenceAnswerSerializer,
    PreferenceSerializer,
    UserPreferenceAnswerSerializer,
    UserPreferenceSerializer,
)
from apps.notifications.selectors.preferences import Stored, channel_settings, stored_of
from apps.notifications.services import preferences
from apps.notifications.services.channel_preferences import set_channel

TAGS = ["Preferences"]


class PreferenceView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="What I want to be told, and when",
        parameters=[EXPLAIN],
        responses=PreferenceAnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        return _own(stored_of(caller_of(request)), explain=explains(request))

    @extend_schema(
        tags=TAGS,
        summary="Change it",
        parameters=[EXPLAIN, IF_MATCH],
        request=PreferenceSerializer(partial=True),
        responses=PreferenceAnswerSerializer,
    )
    def patch(self, request: Request) -> Response:
        explain = explains(request)
        form = PreferenceSerializer(data=request.data, partial=True)
        return _own(_updated(request, form), explain=explain)


class ChannelPreferencesView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="What holds for each channel, in general and for single auras",
        parameters=[EXPLAIN],
        responses=ChannelPreferencesSerializer,
    )
    def get(self, request: Request) -> Response:
        return _channels(stored_of(caller_of(request)), explain=explains(request))

    @extend_schema(
        tags=TAGS,
        summary="Change one channel",
        description="What holds for the inbox and all auras is the person's own: the other doors "
        "show and change the same.",
        parameters=[EXPLAIN, IF_MATCH],
        request=ChannelChangeSerializer,
        responses=ChannelPreferencesSerializer,
    )
    def put(self, request: Request) -> Response:
        form = ChannelChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        explain, seen = explains(request), versions_seen(request)
        place = form.validated_data
        with named(NAMES):
            stored = set_channel(
                caller_of(request),
                place["channel"],
                form.columns(),
                aura_ref=place.get("auraId"),
                seen=seen,
            )
        return _channels(stored, explain=explain)


class MyPreferencesView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="My preferences; the first look makes them",
        parameters=[EXPLAIN],
        responses=UserPreferenceAnswerSerializer,
    )
    def get(self, request: Request) -> Response:
        explain = explains(request)
        return _user(request, preferences.ensure(caller_of(request)), explain=explain)

    @extend_schema(
        tags=TAGS,
        summary="Change what is named",
        parameters=[EXPLAIN, IF_MATCH],
        request=UserPreferenceSerializer(partial=True),
        responses=UserPreferenceAnswerSerializer,
    )
    def put(self, request: Request) -> Response:
        explain = explains(request)
        form = UserPreferenceSerializer(data=request.data, partial=True)
        return _user(request, _updated(request, form), explain=explain)


class NewPreferencesView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Make somebody's preferences",
        description="For admins; 409 where there are some.",
        request=NewUserPreferenceSerializer,
        responses={201: UserPreferenceAnswerSerializer},
    )
    def post(self, request: Request) -> Response:
        form = NewUserPreferenceSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changes = dict(form.validated_data)
        stored = preferences.create(caller_of(request), changes.pop("user_id"), changes)
        return _user(request, stored, explain=False, status=201)


class PersonsPreferencesView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Somebody's preferences, by the person's id",
        description="One's own; for admins also those of the people of their business.",
        parameters=[EXPLAIN],
        responses=UserPreferenceAnswerSerializer,
    )
    def get(self, request: Request, public_id: UUID) -> Response:
        explain = explains(request)
        user = person_seen_by(caller_of(request), public_id)
        if user is None:
            raise NotFound
        return _user(request, stored_of(user), explain=explain)

    @extend_schema(
        tags=TAGS,
        summary="Back to the defaults, by the preferences' id",
        description="For admins. What is set for single channels stays.",
        parameters=[IF_MATCH],
        responses={204: None},
    )
    def delete(self, request: Request, public_id: UUID) -> Response:
        preferences.delete(caller_of(request), public_id, seen=versions_seen(request))
        return Response(status=204)


def _updated(request: Request, form: serializers.Serializer[Any]) -> Stored:
    form.is_valid(raise_exception=True)
    seen = versions_seen(request)
    return preferences.update(caller_of(request), form.validated_data, seen=seen)


def _own(stored: Stored, *, explain: bool) -> Response:
    form = PreferenceSerializer(stored.row)
    sources = {"sources": sources_of(form, stored.origins)} if explain else {}
    return answer({**form.data, **sources}, stored)


def _channels(stored: Stored, *, explain: bool) -> Response:
    return answer(document(channel_settings(stored), explain=explain), stored)


def _user(request: Request, stored: Stored, *, explain: bool, status: int = 200) -> Response:
    context: dict[str, Any] = {"business": business_of(caller_of(request))}
    form = UserPreferenceAnswerSerializer(stored.row, context=context)
    sources = {"sources": sources_of(form, stored.origins)} if explain else {}
    return answer({**form.data, **sources}, stored, status=status)
