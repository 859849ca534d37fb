"""The door as an ordinary Django view: what `runserver` and the test client see."""

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from apps.core import hints
from apps.core.errors import MethodNotAllowed, TooLarge, Unavailable, VigilError
from apps.core.peers import client_address
from apps.ingestion.services.answering import answer_error, answer_receipt, slug_of
from apps.ingestion.services.directory import directory
from apps.ingestion.services.inspecting import inspect
from apps.ingestion.services.receiving import accept
from apps.ingestion.types import Posting, Receipt

log = structlog.get_logger(__name__)


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    try:
        status, headers, body = answer_receipt(_accept_one(request))
    except VigilError as error:
        status, headers, body = answer_error(error)
    except Error:
        status, headers, body = answer_error(Unavailable(code="database_error", retry_after=5))
    except Exception:
        log.exception("webhook_failed")
        status, headers, body = answer_error(Unavailable(retry_after=5))
    return HttpResponse(body, status=status, headers=headers)


def _accept_one(request: HttpRequest) -> Receipt:
    if request.method != "POST":
        raise MethodNotAllowed
    snapshot = directory.current()
    if snapshot.backlog_full:
        raise Unavailable("The inbox is full", code="queue_full", retry_after=15)
    posting = Posting(
        slug=slug_of(request.path),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=_body(request),
        peer=client_address(request),
    )
    parcel = inspect(
        posting, snapshot.sources, now=timezone.now(), max_bytes=settings.WEBHOOK_MAX_BYTES
    )
    [outcome] = accept([parcel])
    if isinstance(outcome, VigilError):
        raise outcome
    hints.poke("inbox")
    return outcome


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise TooLarge from None
