"""The door of what Vigil is measured against: the same signature check, but a DRF serializer and
`create()` for each webhook.
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core import signing
from apps.core.hashing import digest
from apps.core.identifiers import uuid7
from apps.core.resilience.ratelimit import Limit, limiter
from apps.ingestion.models import RawEvent, Source


class _Metadata(serializers.Serializer[Any]):
    log_id = serializers.CharField()
    trigger_slug = serializers.CharField()
    connected_account_id = serializers.CharField()
    user_id = serializers.CharField()


class _Body(serializers.Serializer[Any]):
    id = serializers.CharField()
    timestamp = serializers.DateTimeField()
    type = serializers.CharField()
    metadata = _Metadata()
    data = serializers.DictField()  # type: ignore[assignment]  # the sender named it so


@method_decorator(csrf_exempt, name="dispatch")
class WebhookView(APIView):
    """Verify, limit, validate, create: one row and one commit for each request."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []

    def post(self, request: Request) -> Response:
        django_request: HttpRequest = request._request  # noqa: SLF001  # DRF's own name for it
        raw, source = django_request.body, Source.objects.get(slug="bench")
        message_id = signing.verify(
            signing.Scheme(source.scheme),
            {name.lower(): value for name, value in django_request.headers.items()},
            raw,
            [secret.value for secret in source.secrets.all()],
            now=timezone.now(),
            tolerance_seconds=settings.WEBHOOK_TOLERANCE_SECONDS,
        )
        body = _Body(data=json.loads(raw))
        body.is_valid(raise_exception=True)
        account = body.validated_data["metadata"]["user_id"]
        limits = [Limit(key=f"user:{account}", per_minute=settings.RATE_LIMIT_USER_PER_MINUTE)]
        limiter("open").check([limits])
        row = RawEvent.objects.create(
            business_id=source.business_id,
            source=source,
            correlation_id=uuid7(),
            dedup_key=digest(source.pk, message_id),
            body=raw,
            body_digest=digest(raw),
            event_type=body.validated_data["metadata"]["trigger_slug"],
            accounts=[f"composio_user:{account}"],
        )
        return Response({"event_id": str(row.correlation_id)}, status=202)
