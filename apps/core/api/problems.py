"""One error shape for every interface: `application/problem+json`, and never a stack trace."""

import json
import math
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import defaults
from rest_framework.views import set_rollback

from apps.core import correlation, errors
from apps.core.api.translation import as_vigil_error

CONTENT_TYPE = "application/problem+json"

# Everything below these paths talks JSON, also when no view was reached.
JSON_PATHS = ("/api/", "/v3/", "/webhooks/", "/callbacks/", "/health")

logger = structlog.get_logger(__name__)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """REST framework's EXCEPTION_HANDLER: every exception is a problem, an unforeseen one 500."""
    set_rollback()
    problem = as_vigil_error(error)
    if problem is None:
        logger.error("unanticipated error", view=_view_name(context), exc_info=error)
        problem = errors.VigilError()
    elif problem.code == "database_error":
        logger.error("database error", view=_view_name(context), exc_info=error)
    response = problem_response(problem)
    challenge = getattr(error, "auth_header", None)
    if challenge:
        response["WWW-Authenticate"] = challenge
    return response


def problem_response(error: errors.VigilError, request_id: str = "") -> HttpResponse:
    """The answer for `error`; `request_id` defaults to the current correlation id."""
    body = error.problem(request_id or str(correlation.current() or ""))
    response = HttpResponse(json.dumps(body), status=error.status_code, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if error.retry_after is not None:
        response["Retry-After"] = str(max(1, math.ceil(error.retry_after)))
    if error.status_code == errors.Unauthorized.status:
        response["WWW-Authenticate"] = "Bearer"
    return response


def talks_json(request: HttpRequest) -> bool:
    return request.path.startswith(JSON_PATHS)


def handler400(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if talks_json(request):
        bad_request = errors.InvalidInput(code="bad_request", status=400)
        return problem_response(as_vigil_error(exception) or bad_request)
    return defaults.bad_request(request, exception)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if talks_json(request):
        return problem_response(errors.Forbidden())
    return defaults.permission_denied(request, exception)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if talks_json(request):
        return problem_response(errors.NotFound())
    return defaults.page_not_found(request, exception)


def handler500(request: HttpRequest) -> HttpResponseBase:
    """Called while the exception is being handled, so one of ours keeps its own status."""
    if talks_json(request):
        error = sys.exc_info()[1]
        known = as_vigil_error(error) if error is not None else None
        return problem_response(known or errors.VigilError())
    return defaults.server_error(request)


def _view_name(context: Mapping[str, Any]) -> str:
    return type(context.get("view")).__name__
