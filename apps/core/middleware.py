"""What every request and answer of Django's lane must have: a length, and a policy."""

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.core.api.problems import problem_response, talks_json
from apps.core.errors import LengthRequired

# Directive → sources; `SECURE_CSP`, the name Django 6.0 uses for the same, replaces it.
DEFAULT_POLICY: Mapping[str, Sequence[str]] = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}

ADMIN_PATH = "/admin/"
# The console's Alpine compiles the expressions in its templates.
ADMIN_SCRIPTS = ["'self'", "'unsafe-eval'"]


class KnownLengthMiddleware:
    """Refuses a body in chunks: WSGI knows no end of it, so it would pass for no body at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "Transfer-Encoding" not in request.headers or request.META.get("CONTENT_LENGTH"):
            return self.get_response(request)
        error = LengthRequired()
        if talks_json(request):
            return problem_response(error)
        return HttpResponse(error.detail, status=error.status_code, content_type="text/plain")


class SecurityHeadersMiddleware:
    """Adds a content security policy and a permissions policy to answers without their own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        policy = getattr(settings, "SECURE_CSP", None) or DEFAULT_POLICY
        self.policy = serialize(policy)
        self.admin_policy = serialize({**policy, "script-src": ADMIN_SCRIPTS})

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        of_admin = request.path.startswith(ADMIN_PATH)
        policy = self.admin_policy if of_admin else self.policy
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        return response


def serialize(policy: Mapping[str, Sequence[str]]) -> str:
    """The value of the header: `default-src 'self'; img-src 'self' data:`."""
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())
