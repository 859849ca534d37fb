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
from apps.notifications.api.filters import ProposalFilter
from apps.notifications.api.pages import ProposalPage
from apps.notifications.api.proposal_serializers import ProposalSerializer
from apps.notifications.models import Proposal
from apps.notifications.selectors.proposals import visible_proposals
from apps.notifications.services import proposals

TAGS = ["Proposals"]


class ProposalsView(generics.ListAPIView[Proposal]):
    permission_classes = MEMBERS
    serializer_class = ProposalSerializer
    pagination_class = ProposalPage
    filterset_class = ProposalFilter
    queryset = Proposal.objects.none()

    def get_queryset(self) -> QuerySet[Proposal]:
        return visible_proposals(caller_of(self.request))

    @extend_schema(
        tags=TAGS,
        summary="What my dismissals speak for, newest first",
        description="What waits for an answer (`open` and `doubted`), unless `status` asks for "
        "others.",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class AcceptView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Make the change",
        description="409 unless it is open and still fits what holds today.",
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        row = proposals.accept(caller_of(request), public_id, now=timezone.now())
        return Response(ProposalSerializer(row).data)


class RejectView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Change nothing, and do not ask again for 90 days",
        description="409 unless it is open.",
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        row = proposals.reject(caller_of(request), public_id, now=timezone.now())
        return Response(ProposalSerializer(row).data)


class KeepView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Keep what was doubted, and do not ask again",
        description="409 unless it is doubted.",
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        row = proposals.keep(caller_of(request), public_id, now=timezone.now())
        return Response(ProposalSerializer(row).data)


class UndoView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=TAGS,
        summary="Put back what was before I accepted it",
        description="409 unless it was accepted and nobody has changed the same since.",
        request=None,
        responses=ProposalSerializer,
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        row = proposals.undo(caller_of(request), public_id, now=timezone.now())
        return Response(ProposalSerializer(row).data)
