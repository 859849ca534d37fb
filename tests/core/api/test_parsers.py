import json
from typing import Any

import pytest
from django.http import HttpResponse
from pytest_django import Settings
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.core.api.parsers import StrictJsonParser


class Echo(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]
    parser_classes = [StrictJsonParser]

    def post(self, request: Request) -> Response:
        return Response({"got": request.data})


def _post(body: bytes, content_type: str = "application/json", **headers: str) -> HttpResponse:
    request = APIRequestFactory().generic(
        "POST",
        "/api/x",
        body,  # type: ignore[arg-type]  # the stubs know text only
        content_type=content_type,
        headers=headers,
    )
    response = Echo.as_view()(request)
    assert isinstance(response, HttpResponse)
    return response


def _status_and_code(response: HttpResponse) -> tuple[int, Any]:
    return response.status_code, json.loads(response.content)["code"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; charset=utf-16",
        "application/jsonp",
    ],
)
def test_another_content_type_is_refused(content_type: str) -> None:
    response = _post(b'{"a": 1}', content_type)
    assert _status_and_code(response) == (415, "unsupported_media_type")


def test_a_compressed_body_is_refused() -> None:
    response = _post(b'{"a": 1}', **{"Content-Encoding": "gzip"})
    assert _status_and_code(response) == (415, "unsupported_media_type")


def test_three_megabytes_are_too_large() -> None:
    response = _post(b'"' + b"a" * 3_000_000 + b'"')
    assert _status_and_code(response) == (413, "payload_too_large")


def test_the_limit_is_the_setting_to_the_byte(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert _post(b'"12345678"').status_code == 200
    assert _post(b'"123456789"').status_code == 413


@pytest.mark.parametrize("body", [b"{", b'{"a": 1, "a": 2}', b"[NaN]", b'"\xff"', b"[" * 50])
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    assert _post(body).status_code == 400


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_in_utf8_is_read(content_type: str) -> None:
    response = _post('{"a": "ü"}'.encode(), content_type)
    assert isinstance(response, Response)
    assert response.data == {"got": {"a": "ü"}}
