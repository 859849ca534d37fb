"""What every callback has in common: POST alone, no cookie, an answer with a code to anything."""

from collections.abc import Callable
from functools import wraps

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from apps.core.api.problems import problem_response
from apps.core.errors import MethodNotAllowed, TooLarge, Unavailable, VigilError

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]


def callback(view: View) -> View:
    """`view` may raise any VigilError. What nobody foresaw is 503: its provider comes again."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, **parts: object) -> HttpResponse:
        try:
            _refuse_other_methods(request)
            return view(request, **parts)
        except VigilError as error:
            return problem_response(error)
        except Error:
            log.exception("callback_not_stored")
            return problem_response(Unavailable(code="database_error", retry_after=5))
        except Exception:
            log.exception("callback_failed")
            return problem_response(Unavailable(retry_after=5))

    return answered


def _refuse_other_methods(request: HttpRequest) -> None:
    if request.method != "POST":
        raise MethodNotAllowed


def raw_body(request: HttpRequest) -> bytes:
    """As it was signed. Raises TooLarge."""
    try:
        return request.body
    except RequestDataTooBig:
        raise TooLarge from None
