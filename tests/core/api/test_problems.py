import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core import exceptions as django_errors
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from rest_framework import exceptions as rest_errors
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core import correlation, errors
from apps.core.api import problems

GIVEN = UUID("019abcde-1234-7abc-8def-0123456789ab")


class Raises(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer]
    error: Exception = Http404()

    def get(self, request: Request) -> Response:
        raise self.error


@pytest.fixture(autouse=True)
def _bound() -> Iterator[None]:
    with correlation.bind(GIVEN):
        yield


def _answer_to(error: Exception, **headers: str) -> HttpResponse:
    request = APIRequestFactory().get("/api/x", headers=headers)
    response = Raises.as_view(error=error)(request)
    assert isinstance(response, HttpResponse)
    return response


def _body(response: HttpResponse) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(response.content)
    return body


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (rest_errors.NotAuthenticated(), 401, "unauthorized"),
        (rest_errors.AuthenticationFailed(), 401, "unauthorized"),
        (errors.Unauthorized(), 401, "unauthorized"),
        (rest_errors.PermissionDenied(), 403, "forbidden"),
        (django_errors.PermissionDenied(), 403, "forbidden"),
        (errors.Forbidden(code="tier_limit_exceeded"), 403, "tier_limit_exceeded"),
        (Http404(), 404, "not_found"),
        (rest_errors.NotFound(), 404, "not_found"),
        (errors.TooLarge(), 413, "payload_too_large"),
        (django_errors.RequestDataTooBig(), 413, "payload_too_large"),
        (rest_errors.UnsupportedMediaType("text/xml"), 415, "unsupported_media_type"),
        (rest_errors.ParseError(), 400, "bad_request"),
        (django_errors.SuspiciousOperation(), 400, "bad_request"),
        (rest_errors.ValidationError({"a": ["no"]}), 422, "validation_error"),
        (django_errors.ValidationError({"a": ["no"]}), 422, "validation_error"),
        (django_errors.ValidationError("no"), 422, "validation_error"),
        (rest_errors.Throttled(wait=3), 429, "rate_limit_exceeded"),
        (OperationalError("connection lost"), 503, "database_error"),
        (InterfaceError("connection closed"), 503, "database_error"),
        (IntegrityError("duplicate key"), 500, "internal_error"),
        (ZeroDivisionError("division"), 500, "internal_error"),
    ],
)
def test_every_exception_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    response = _answer_to(error)
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, _body(response)["status"]) == (status, status)
    assert _body(response)["code"] == code


def test_nothing_of_an_unforeseen_error_is_shown() -> None:
    response = _answer_to(RuntimeError("password is hunter2"))
    assert _body(response) == {
        "type": "about:blank",
        "title": "Something went wrong",
        "status": 500,
        "detail": "Something went wrong",
        "code": "internal_error",
        "request_id": str(GIVEN),
    }


def test_an_unforeseen_error_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    _answer_to(RuntimeError("seen only here"))
    record = json.loads(capsys.readouterr().out)
    assert record["event"] == "unanticipated error"
    assert "seen only here" in record["exception"]


def test_a_database_error_has_its_number_and_a_time_to_return() -> None:
    response = _answer_to(OperationalError())
    assert _body(response)["number"] == 5033
    assert response["Retry-After"] == "5"


@pytest.mark.parametrize(("wait", "header"), [(0.2, "1"), (3, "3"), (3.1, "4")])
def test_retry_after_is_rounded_up(wait: float, header: str) -> None:
    assert _answer_to(errors.RateLimited(retry_after=wait))["Retry-After"] == header


def test_who_is_not_known_is_told_how_to_be() -> None:
    assert _answer_to(rest_errors.NotAuthenticated())["WWW-Authenticate"] == "Bearer"


def test_a_wrong_method_is_answered_with_the_right_ones() -> None:
    response = Raises.as_view()(APIRequestFactory().delete("/api/x"))
    assert response.status_code == 405
    assert _body(response)["code"] == "method_not_allowed"
    assert response["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["application/xml", "text/html"])
def test_what_is_not_json_cannot_be_asked_for(accept: str) -> None:
    response = _answer_to(Http404(), Accept=accept)
    assert response.status_code == 406
    assert _body(response)["code"] == "not_acceptable"


def test_nested_messages_become_dotted_paths() -> None:
    detail: dict[str, Any] = {
        "quiet": {"start": ["Wrong."], "non_field_errors": ["Both or none."]},
        "items": [{}, {"name": ["Too long.", "Too odd."]}],
        "non_field_errors": ["No."],
    }
    assert _body(_answer_to(rest_errors.ValidationError(detail)))["fields"] == {
        "quiet.start": "Wrong.",
        "quiet": "Both or none.",
        "items.1.name": "Too long. Too odd.",
        "non_field_errors": "No.",
    }


def test_a_specific_code_becomes_the_problems_code() -> None:
    detail = {
        "name": rest_errors.ErrorDetail("Missing.", code="required"),
        "zone": rest_errors.ErrorDetail("Unknown.", code="invalid_timezone"),
    }
    assert _body(_answer_to(rest_errors.ValidationError(detail)))["code"] == "invalid_timezone"


def test_a_message_does_not_repeat_the_input() -> None:
    detail = rest_errors.ErrorDetail('"<b>" is not a valid choice.', code="invalid_choice")
    fields = _body(_answer_to(rest_errors.ValidationError({"a": [detail]})))["fields"]
    assert fields == {"a": "This is not one of the allowed choices."}


def test_a_flood_of_messages_is_cut() -> None:
    detail = {str(number): ["No."] for number in range(1_000)}
    assert len(_body(_answer_to(rest_errors.ValidationError(detail)))["fields"]) == 50


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/api/x", "application/problem+json"),
        ("/v3/x", "application/problem+json"),
        ("/webhooks/x", "application/problem+json"),
        ("/health/x", "application/problem+json"),
        ("/inbox/x", "text/html"),
        ("/apiary", "text/html"),
    ],
)
def test_only_machines_paths_answer_an_unknown_address_in_json(
    path: str, content_type: str
) -> None:
    response = problems.handler404(RequestFactory().get(path), Http404())
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith(content_type)


@pytest.mark.parametrize(
    ("error", "status"),
    [(OperationalError(), 503), (errors.Conflict(), 409), (RuntimeError("x"), 500)],
)
def test_a_plain_views_failure_keeps_its_own_status(error: Exception, status: int) -> None:
    try:
        raise error
    except Exception:
        response = problems.handler500(RequestFactory().get("/webhooks/x"))
    assert response.status_code == status


def test_a_pages_failure_is_html() -> None:
    response = problems.handler500(RequestFactory().get("/inbox/"))
    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "content_type"), [("/api/x", "application/problem+json"), ("/inbox/", "text/html")]
)
def test_a_bad_request_and_a_refusal_take_the_form_of_the_path(
    path: str, content_type: str
) -> None:
    request = RequestFactory().get(path)
    bad = problems.handler400(request, django_errors.SuspiciousOperation())
    refused = problems.handler403(request, django_errors.PermissionDenied())
    assert (bad.status_code, refused.status_code) == (400, 403)
    assert bad.headers["Content-Type"].startswith(content_type)
    assert refused.headers["Content-Type"].startswith(content_type)
