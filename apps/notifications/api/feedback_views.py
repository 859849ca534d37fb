from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications.api.feedback_serializers import FeedbackSerializer, NewFeedbackSerializer
from apps.notifications.services import feedback


class FeedbackView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Notifications"],
        summary="What I think of this one",
        description="201 the first time, 200 when the same kind was given before; of several "
        "opinions of what would have been right the last one counts.",
        request=NewFeedbackSerializer,
        responses={200: FeedbackSerializer, 201: FeedbackSerializer},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        form = NewFeedbackSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        row, created = feedback.give(caller_of(request), public_id, **form.validated_data)
        return Response(FeedbackSerializer(row).data, status=201 if created else 200)
