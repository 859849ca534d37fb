from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.permissions import MEMBERS, caller_of
from apps.accounts.selectors import person_seen_by
from apps.core.api.pagination import refuse_unknown
from apps.core.errors import NotFound
from apps.notifications.api.email_log_filters import EmailLogFilter, EmailSpanFilter
from apps.notifications.api.email_log_serializers import (
    EmailFiguresSerializer,
    EmailLogSerializer,
)
from apps.notifications.api.pages import EmailLogPage
from apps.notifications.models import Delivery
from apps.notifications.selectors.email_figures import email_figures
from apps.notifications.selectors.email_logs import (
    about_event,
    email_log,
    of_person,
    visible_mails,
    with_contents,
)

# Without a start, figures are of so long.
DEFAULT_SPAN = timedelta(days=30)


class EmailLogsView(generics.ListAPIView[Delivery]):
    """Oneself's; an admin's whole business. Others narrow it with `only`."""

    permission_classes = MEMBERS
    serializer_class = EmailLogSerializer
    pagination_class = EmailLogPage
    filterset_class: Any = EmailLogFilter
    queryset = Delivery.objects.none()

    def only(self) -> Q:
        return Q()

    def get_queryset(self) -> QuerySet[Delivery]:
        return with_contents(visible_mails(caller_of(self.request)).filter(self.only()))

    @extend_schema(tags=["E-mail logs"], summary="Mails that were sent or tried, newest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        logs = [email_log(row, viewer=caller_of(request)) for row in rows]
        return self.get_paginated_response(EmailLogSerializer(logs, many=True).data)


class PersonsEmailLogsView(EmailLogsView):
    def only(self) -> Q:
        person = person_seen_by(caller_of(self.request), self.kwargs["public_id"])
        if person is None:
            raise NotFound
        return of_person(person)

    @extend_schema(tags=["E-mail logs"], summary="Mails to one person: oneself, or for an admin")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class EventsEmailLogsView(EmailLogsView):
    def only(self) -> Q:
        return about_event(self.kwargs["public_id"])

    @extend_schema(tags=["E-mail logs"], summary="Mails about one event, digests among them")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class EmailLogView(generics.GenericAPIView[Delivery]):
    permission_classes = MEMBERS
    serializer_class = EmailLogSerializer
    queryset = Delivery.objects.none()

    @extend_schema(tags=["E-mail logs"], summary="One mail")
    def get(self, request: Request, public_id: UUID) -> Response:
        user = caller_of(request)
        row = with_contents(visible_mails(user)).filter(Q(log_id=public_id)).first()
        if row is None:
            raise NotFound
        return Response(EmailLogSerializer(email_log(row, viewer=user)).data)


class EmailFiguresView(generics.GenericAPIView[Delivery]):
    permission_classes = MEMBERS
    serializer_class = EmailFiguresSerializer
    filterset_class = EmailSpanFilter
    queryset = Delivery.objects.none()

    @extend_schema(
        tags=["E-mail logs"],
        summary="What became of mails",
        description="Of the last 30 days where no `start_date` is given.",
        filters=True,
    )
    def get(self, request: Request) -> Response:
        refuse_unknown(request, {"start_date", "end_date"})
        rows = self.filter_queryset(visible_mails(caller_of(request)))
        if not request.query_params.get("start_date"):
            rows = rows.filter(Q(tried_at__gte=timezone.now() - DEFAULT_SPAN))
        return Response(EmailFiguresSerializer(email_figures(rows)).data)
