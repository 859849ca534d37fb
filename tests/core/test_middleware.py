import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from apps.core.middleware import KnownLengthMiddleware, SecurityHeadersMiddleware


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def _own_policy(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", headers={"Content-Security-Policy": "sandbox"})


def _policy(path: str) -> str:
    response = SecurityHeadersMiddleware(_page)(RequestFactory().get(path))
    return str(response.headers["Content-Security-Policy"])


@pytest.mark.parametrize("path", ["/inbox/", "/adminx", "/x/admin/"])
def test_scripts_may_not_compile_text_outside_the_console(path: str) -> None:
    assert "script-src 'self';" in _policy(path)
    assert "unsafe-eval" not in _policy(path)


def test_the_consoles_scripts_may() -> None:
    assert "script-src 'self' 'unsafe-eval';" in _policy("/admin/core/")


def test_nobody_may_frame_a_page() -> None:
    assert "frame-ancestors 'none'" in _policy("/")


def test_a_view_may_bring_its_own_policy() -> None:
    response = SecurityHeadersMiddleware(_own_policy)(RequestFactory().get("/"))
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_a_setting_replaces_the_policy(settings: Settings) -> None:
    settings.SECURE_CSP = {"default-src": ["'none'"]}
    assert _policy("/") == "default-src 'none'"


CHUNKED = {"Transfer-Encoding": "chunked"}


def test_a_body_of_unknown_length_is_refused_and_not_taken_for_none(client: Client) -> None:
    answer = client.generic("POST", "/api/auth/token", headers=CHUNKED)
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_a_page_says_so_in_words(client: Client) -> None:
    answer = client.generic("POST", "/login/", headers=CHUNKED)
    assert (answer.status_code, answer["Content-Type"]) == (411, "text/plain")


@pytest.mark.parametrize("headers", [{}, {**CHUNKED, "Content-Length": "2"}])
def test_any_other_body_goes_on(headers: dict[str, str]) -> None:
    request = RequestFactory().generic("POST", "/api/x", headers=headers)
    assert KnownLengthMiddleware(_page)(request).status_code == 200
