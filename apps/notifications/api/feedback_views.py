from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MEMBERS, caller_of
from apps.notifications.api.feedback_serializers import NewFeedbackSerializer, SaidSerializer
from apps.notifications.services import learning


class FeedbackView(APIView):
    permission_classes = MEMBERS

    @extend_schema(
        tags=["Notifications"],
        summary="What I think of this one",
        description="201 the first time, 200 when the same kind was given before; of several "
        "opinions of what would have been right the last one counts, and helpful takes back what "
        "was dismissed. `proposals` are what waits for an answer.",
        request=NewFeedbackSerializer,
        responses={200: SaidSerializer, 201: SaidSerializer},
    )
    def post(self, request: Request, public_id: UUID) -> Response:
        form = NewFeedbackSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        user, now = caller_of(request), timezone.now()
        said = learning.say(user, public_id, now=now, **form.validated_data)
        return Response(SaidSerializer(said).data, status=201 if said.is_new else 200)
