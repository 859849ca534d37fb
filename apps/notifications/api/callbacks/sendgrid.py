"""SendGrid's event webhook. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events"""

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from apps.core import hints
from apps.core.errors import Unauthorized
from apps.core.strictjson import loads
from apps.notifications.api.callbacks.answering import callback, raw_body
from apps.notifications.channels.email.providers.sendgrid_events import Signed, is_genuine
from apps.notifications.engines.sendgrid_events import reports_of
from apps.notifications.services.callbacks import take

log = structlog.get_logger(__name__)

PROVIDER = "sendgrid:main"

_SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
_TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
# A batch holds up to a thousand events of a dozen values.
_MAX_VALUES = 100_000


@callback
def events(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    signed = Signed(
        body=raw_body(request),
        signature=request.headers.get(_SIGNATURE, ""),
        timestamp=request.headers.get(_TIMESTAMP, ""),
    )
    if not is_genuine(
        signed,
        keys=settings.SENDGRID_EVENT_KEYS,
        tolerance_seconds=settings.SENDGRID_EVENT_TOLERANCE_SECONDS,
        now=now,
    ):
        raise Unauthorized("This is not signed by SendGrid just now", code="invalid_signature")
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    reports, skipped = reports_of(loads(signed.body, max_bytes=limit, max_nodes=_MAX_VALUES))
    if skipped:
        log.warning("sendgrid_events_skipped", count=skipped)
    taken = take(PROVIDER, reports, now=now)
    if taken:
        hints.poke("deliver")
    return JsonResponse({"taken": taken, "skipped": skipped})
